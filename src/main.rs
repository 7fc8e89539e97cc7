//! The command `grantfolio`: hands arguments and streams to the library and turns its answer into an exit code.

#![forbid(unsafe_code)]

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;

use grantfolio::cli::{Console, Exit, run};
use grantfolio::report::{Language, WIDTH, terminal_width};

/// A plan is made of many small pieces of memory, a batch of many plans at once.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    set_hook(Box::new(|panic| {
        #[cfg(feature = "lpsolve")]
        if std::thread::current().name() == Some(grantfolio::solve::lpsolve::THREAD) {
            return;
        }
        let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let payload = panic.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
        eprintln!("internal error{place}: {text}\nnothing was published; please report this with the input");
    }));
    let finished = catch_unwind(AssertUnwindSafe(|| {
        let (mut out, mut err) = (stdout(), stderr());
        let width = if stdout().is_terminal() { terminal_width() } else { WIDTH };
        let colours = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let mut console = Console {
            out: &mut out,
            err: &mut err,
            input: &mut stdin().lock(),
            asks: stdin().is_terminal(),
            width,
            language: Language::default(),
            colours,
        };
        run(std::env::args_os(), &mut console)
    }));
    ExitCode::from(finished.unwrap_or(Exit::Internal).code())
}
