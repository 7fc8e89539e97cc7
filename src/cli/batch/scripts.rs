//! Scripts that run a batch in shards on a cluster, whose own scheduler does the rest.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::{Console, Exit, Failure};
use crate::report::files::OutputFolder;

/// Writes them; `said` is the command that asks for them, the program's name first.
pub(super) fn write(
    folder: &Path,
    said: &[OsString],
    shards: u64,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let words = said.iter().skip(1).map(|argument| argument.to_str().map(str::to_owned));
    let Some(words) = words.collect::<Option<Vec<String>>>() else {
        return Err(Failure::Usage("scripts can only be written of arguments that are text".to_owned()));
    };
    let arguments = without(&words, &["--scripts", "--shards"]);
    // Slurm says how many threads a task has.
    let for_slurm = without(&arguments, &["--threads"]);
    let folder = OutputFolder::prepare(folder)?;
    let files = vec![
        ("batch.slurm", slurm(&for_slurm, shards).into_bytes()),
        ("batch.kubernetes.yaml", kubernetes(&arguments, shards).into_bytes()),
        ("merge.sh", merge(shards).into_bytes()),
    ];
    for file in folder.write(&files)? {
        console.message(&format!("written: {}", file.display()))?;
    }
    Ok(Exit::Verified)
}

/// The arguments but these options, each with its value.
fn without(arguments: &[String], options: &[&str]) -> Vec<String> {
    let mut left = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let name = argument.split('=').next().unwrap_or_default();
        if !options.contains(&name) {
            left.push(argument.clone());
        } else if name == argument {
            arguments.next();
        }
    }
    left
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn slurm(arguments: &[String], shards: u64) -> String {
    let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
    format!(
        "#!/bin/sh
# Submit with `sbatch batch.slurm` where the portfolio lies; then `sh merge.sh`.
# A task that was killed goes on where it was when it is submitted again.
#SBATCH --job-name=grantfolio
#SBATCH --array=1-{shards}
#SBATCH --cpus-per-task=4
#SBATCH --mem=1G
#SBATCH --requeue
exec grantfolio {} \\
    --shard \"$SLURM_ARRAY_TASK_ID/{shards}\" --out \"shards/$SLURM_ARRAY_TASK_ID\" --resume --threads \"$SLURM_CPUS_PER_TASK\"
",
        words.join(" ")
    )
}

fn kubernetes(arguments: &[String], shards: u64) -> String {
    let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
    // A block of literal text: what the shell takes needs no second quoting.
    let command = words.join(" ");
    format!(
        "# Name an image that has grantfolio and a claim of a volume with the portfolio, which is the working folder.
# `kubectl apply -f batch.kubernetes.yaml`; when the job is complete, `sh merge.sh` in that folder.
apiVersion: batch/v1
kind: Job
metadata:
  name: grantfolio
spec:
  completionMode: Indexed
  completions: {shards}
  parallelism: {shards}
  backoffLimitPerIndex: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: grantfolio
          image: grantfolio
          workingDir: /portfolio
          command:
            - /bin/sh
            - -c
            - |
              shard=$((JOB_COMPLETION_INDEX + 1))
              exec grantfolio {command} --shard \"$shard/{shards}\" --out \"shards/$shard\" --resume
          volumeMounts:
            - {{ name: portfolio, mountPath: /portfolio }}
      volumes:
        - name: portfolio
          persistentVolumeClaim: {{ claimName: portfolio }}
"
    )
}

fn merge(shards: u64) -> String {
    format!(
        "#!/bin/sh
# Puts the shards together; the result is that of a single run, byte for byte.
set -e
exec grantfolio merge $(seq -f 'shards/%.0f' 1 {shards}) --out merged
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_go_with_their_values() {
        let all = ["batch", "p", "--shards", "8", "--out=x", "--threads=2", "--shards=9", "--resume"];
        let left = without(&all.map(str::to_owned), &["--shards", "--threads"]);
        assert_eq!(left, ["batch", "p", "--out=x", "--resume"]);
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quoted("scenarios/office"), "scenarios/office");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
        assert_eq!(quoted(""), "''");
    }
}
