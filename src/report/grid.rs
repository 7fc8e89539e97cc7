//! Tables of text as this program draws them: a line under the headings, figures to the right, long words wrapped.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table};

use super::Page;

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words: may be wrapped.
    Words,
    /// Ids and dates: kept whole.
    Whole,
    /// Figures: kept whole, to the right.
    Figure,
}

/// A line under the headings, nothing else: the fewest marks that keep rows apart from their heading.
const PRESET: &str = "     ──            ";

/// A table in the making.
pub(super) struct Grid {
    table: Table,
    kinds: Vec<Kind>,
}

impl Grid {
    /// An empty table, at most as wide as the page, its headings in the page's language.
    pub(super) fn new(page: Page, columns: &[(&str, Kind)]) -> Self {
        let mut table = Table::new();
        table.load_preset(PRESET);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(page.width);
        // Otherwise a terminal at the other end would add colours of its own.
        table.force_no_tty();
        let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
        let headings = columns.iter().map(|(heading, kind)| cell(page.say(heading), *kind));
        table.set_header(headings);
        Grid { table, kinds }
    }

    /// Adds a row.
    pub(super) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().zip(&self.kinds).map(|(text, kind)| cell(text.as_ref(), *kind));
        self.table.add_row(cells);
    }

    /// Whether no row was added.
    pub(super) fn is_empty(&self) -> bool {
        self.table.row_count() == 0
    }
}

impl std::fmt::Display for Grid {
    /// The table, each line ended, no spaces at the ends.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut table = self.table.clone();
        for (column, kind) in table.column_iter_mut().zip(&self.kinds) {
            if *kind != Kind::Words {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.lines().try_for_each(|line| writeln!(f, "{}", line.trim_end()))
    }
}

fn cell(text: &str, kind: Kind) -> Cell {
    let alignment = if kind == Kind::Figure { CellAlignment::Right } else { CellAlignment::Left };
    Cell::new(printable(text)).set_alignment(alignment)
}

/// Text from a file without what could steer a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// A paragraph: the first line begins with `mark`, the others are indented as far; words are kept whole.
pub(super) fn paragraph(mark: &str, text: &str, width: u16) -> String {
    let indent = mark.chars().count();
    let mut lines = vec![mark.to_owned()];
    let mut length = indent;
    for word in printable(text).split_whitespace() {
        let needed = word.chars().count() + usize::from(length > indent);
        if length > indent && length + needed > usize::from(width) {
            lines.push(" ".repeat(indent));
            length = indent;
        }
        if let Some(line) = lines.last_mut() {
            if length > indent {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word.chars().count();
        }
    }
    lines.join("\n") + "\n"
}

/// At most ten words, then how many more.
pub(super) fn listed<T: ToString>(words: &[T]) -> String {
    const MOST: usize = 10;
    let shown: Vec<String> = words.iter().take(MOST).map(ToString::to_string).collect();
    match words.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_to_the_right_and_lines_end_without_spaces() {
        let mut grid =
            Grid::new(Page { width: 40, ..Page::default() }, &[("what", Kind::Words), ("EUR", Kind::Figure)]);
        grid.row(["a lathe", "1 000.00"]);
        grid.row(["a\u{1b}[31mpen", "1.50"]);
        let lines: Vec<String> = grid.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], " what             EUR");
        assert_eq!(lines[2], " a lathe     1 000.00");
        assert_eq!(lines[3], " a [31mpen       1.50");
    }

    #[test]
    fn paragraphs_hang_from_their_mark() {
        assert_eq!(paragraph("- ", "one two three", 9), "- one two\n  three\n");
        assert_eq!(paragraph("- ", "incomprehensibility", 9), "- incomprehensibility\n");
        assert_eq!(paragraph("- ", "", 9), "- \n");
    }

    #[test]
    fn long_lists_are_cut_at_ten() {
        let twelve: Vec<u32> = (1..=12).collect();
        assert_eq!(listed(&twelve), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more");
        assert_eq!(listed(&twelve[..2]), "1, 2");
    }
}
