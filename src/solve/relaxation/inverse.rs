//! The inverse of a basis, as floats.
//!
//! It is kept column by column: a column for each row of the program. That of a row whose slack is basic has nothing but a one, where the slack
//! stands, so it is neither kept nor read: a step costs rows times rows that are tight, in loops over neighbouring floats.

/// Entries smaller than this are noise.
const NOISE: f64 = 1e-13;

/// Rows of the inverse are no shorter than this, squared.
const SHORTEST: f64 = 1e-8;

/// The inverse of a basis.
#[derive(Clone, Debug)]
pub(super) struct Inverse {
    size: usize,
    /// The column that belongs to row `k` begins at `k` times the number of rows; of no meaning where the slack of the row is basic.
    entries: Vec<f64>,
    /// In which row the slack of a row is basic; none where the row is tight.
    slack_in: Vec<Option<usize>>,
}

impl Inverse {
    /// Of the basis of so many slacks.
    pub fn new(size: usize) -> Self {
        Inverse { size, entries: vec![0.0; size * size], slack_in: (0..size).map(Some).collect() }
    }

    /// All slacks basic, each in its own row.
    pub fn begin(&mut self) {
        for (row, slack) in self.slack_in.iter_mut().enumerate() {
            *slack = Some(row);
        }
    }

    /// Becomes another of the same size: what is read of it.
    pub fn go_to(&mut self, other: &Inverse) {
        let m = self.size;
        self.slack_in.clone_from(&other.slack_in);
        let own = self.entries.chunks_exact_mut(m.max(1)).zip(other.entries.chunks_exact(m.max(1)));
        for ((own, other), _) in own.zip(&self.slack_in).filter(|(_, slack)| slack.is_none()) {
            own.copy_from_slice(other);
        }
    }

    /// The entries of a row of the inverse.
    pub fn row(&self, row: usize) -> Vec<(usize, f64)> {
        let m = self.size;
        let entry = |(k, slack): (usize, &Option<usize>)| match slack {
            Some(own) => (*own == row).then_some((k, 1.0)),
            None => Some((k, self.entries[k * m + row])).filter(|(_, entry)| entry.abs() > NOISE),
        };
        let mut row = Vec::with_capacity(m);
        row.extend(self.slack_in.iter().enumerate().filter_map(entry));
        row
    }

    /// The column of the inverse that belongs to a tight row.
    fn of_row(&self, k: usize) -> &[f64] {
        let m = self.size;
        &self.entries[k * m..(k + 1) * m]
    }

    /// The inverse times a column.
    pub fn through(&self, values: &[f64]) -> Vec<f64> {
        let mut result = vec![0.0; self.size];
        for (k, &value) in values.iter().enumerate() {
            self.add_times(&mut result, k, value);
        }
        result
    }

    /// Adds so many times the column of the inverse that belongs to a row.
    pub fn add_times(&self, result: &mut [f64], k: usize, times: f64) {
        if times == 0.0 {
            return;
        }
        match self.slack_in[k] {
            Some(row) => result[row] += times,
            None => add(result, self.of_row(k), times),
        }
    }

    /// What a unit of each row is worth, by what the basic columns of rows are; nothing where it is not tight.
    pub fn priced(&self, costs: &[(usize, f64)]) -> Vec<f64> {
        let of = |(k, slack): (usize, &Option<usize>)| {
            let own = self.of_row(k);
            if slack.is_some() { 0.0 } else { costs.iter().map(|&(i, cost)| cost * own[i]).sum() }
        };
        self.slack_in.iter().enumerate().map(of).collect()
    }

    /// After a column has entered in a row, given in terms of the basis before, as are the entries of that row in `rho`; `slacks` are those that leave and enter, if they are slacks,
    /// `lengths` the squared lengths of the rows of the inverse, kept up to date.
    pub fn update(
        &mut self,
        row: usize,
        slacks: [Option<usize>; 2],
        column: &[f64],
        rho: &[(usize, f64)],
        lengths: &mut [f64],
    ) {
        let m = self.size;
        let [leaving, entering] = slacks;
        if let Some(slack) = leaving {
            // From now on its column has more than a one.
            let own = &mut self.entries[slack * m..(slack + 1) * m];
            own.fill(0.0);
            own[row] = 1.0;
            self.slack_in[slack] = None;
        }
        let pivot = column[row];
        // A row of the inverse loses so many times that which is divided by the pivot; what both have in common tells how its length changes.
        let mut common = vec![0.0; m];
        for &(k, entry) in rho {
            let factor = entry / pivot;
            let own = &mut self.entries[k * m..(k + 1) * m];
            for ((own, through), common) in own.iter_mut().zip(column).zip(&mut common) {
                *common += factor * *own;
                *own -= factor * through;
            }
            own[row] = factor;
        }
        let length: f64 = rho.iter().map(|(_, entry)| (entry / pivot) * (entry / pivot)).sum();
        for ((own, through), common) in lengths.iter_mut().zip(column).zip(&common) {
            *own += through * (through * length - 2.0 * common);
            *own = own.max(SHORTEST);
        }
        lengths[row] = length.max(SHORTEST);
        if let Some(slack) = entering {
            self.slack_in[slack] = Some(row);
        }
    }

    /// The squared lengths of its rows, from nothing.
    pub fn lengths(&self) -> Vec<f64> {
        let mut lengths = vec![0.0; self.size];
        for (k, slack) in self.slack_in.iter().enumerate() {
            if let Some(row) = slack {
                lengths[*row] += 1.0;
            } else {
                let own = lengths.iter_mut().zip(self.of_row(k));
                own.for_each(|(length, entry)| *length += entry * entry);
            }
        }
        for length in &mut lengths {
            *length = length.max(SHORTEST);
        }
        lengths
    }
}

/// Adds a multiple of one row of floats to another.
pub(super) fn add(to: &mut [f64], from: &[f64], times: f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += times * from;
    }
}
