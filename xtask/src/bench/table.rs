//! Lays out numbers as a Markdown table.

/// Rows of cells under a head; every column but the first is aligned to the right.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a head.
    pub(super) fn new(head: Vec<String>) -> Self {
        Self { rows: vec![head] }
    }

    /// Adds a row at the end.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// As Markdown that is also readable as it stands.
    pub(super) fn markdown(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = self.rows.iter().map(|row| cell(row, column).chars().count());
                cells.max().unwrap_or(0).max(3)
            })
            .collect();
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            for (column, &width) in widths.iter().enumerate() {
                let text = cell(row, column);
                let text =
                    if column == 0 { format!("{text:<width$}") } else { format!("{text:>width$}") };
                out.push_str(&format!("| {text} "));
            }
            out.push_str("|\n");
            if index == 0 {
                for (column, &width) in widths.iter().enumerate() {
                    let rule = "-".repeat(width + 1);
                    out.push_str(&if column == 0 {
                        format!("|{rule}-")
                    } else {
                        format!("|{rule}:")
                    });
                }
                out.push_str("|\n");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(vec!["program".into(), "ms".into()]);
        table.row(vec!["fib".into(), "1234".into()]);
        table.row(vec!["sort".into()]);
        assert_eq!(
            table.markdown(),
            "| program |   ms |\n|---------|-----:|\n| fib     | 1234 |\n| sort    |      |\n"
        );
    }
}
