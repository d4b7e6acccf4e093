//! A CSV file as rows whose columns are known by our names, whatever the service calls them.

use super::Remark;
use super::values::plain;
use std::collections::BTreeMap;

/// A column that an import knows.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Our name.
    pub name: &'static str,
    /// What people are told to write.
    pub label: &'static str,
    /// What services call it, plain and in lower case.
    pub aliases: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

/// Columns that services export and that stay outside: personal data beyond the necessary (R25).
const NOT_TAKEN: &[&str] = &[
    "電話番号",
    "携帯電話",
    "電話",
    "メールアドレス",
    "メール",
    "email",
    "e-mail",
    "住所",
    "郵便番号",
    "生年月日",
    "年齢",
    "性別",
    "備考",
    "tel",
];

/// The rows of a file.
#[derive(Debug, Default)]
pub struct Sheet {
    /// In the order of the file.
    pub rows: Vec<Row>,
    /// What was skipped, and why.
    pub warnings: Vec<Remark>,
    /// What makes the file unusable.
    pub faults: Vec<Remark>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    values: BTreeMap<&'static str, String>,
}

impl Row {
    /// The value of a column as written; `None` if the file has no such column.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(|value| value.trim_matches([' ', '\u{3000}', '\t']))
    }

    /// The value of a column; `None` also if it is empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// A remark on this row.
    pub fn remark(&self, column: &str, message: impl Into<String>) -> Remark {
        Remark {
            line: Some(self.line),
            column: Some(column.to_owned()),
            message: message.into(),
        }
    }
}

/// Reads a file's text.
pub fn read(text: &str, fields: &[Field]) -> Sheet {
    let mut sheet = Sheet::default();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|name| name.trim().to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let columns = sheet.columns(&headers, fields);
    if !sheet.faults.is_empty() {
        return sheet;
    }
    for record in reader.records() {
        match record {
            Ok(record) => sheet.take(&record, headers.len(), &columns),
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                sheet.faults.push(Remark {
                    line,
                    column: None,
                    message: "CSV として読めません。引用符の閉じ忘れがないか確かめてください"
                        .to_owned(),
                });
                return sheet;
            }
        }
    }
    if sheet.rows.is_empty() {
        sheet.faults.push(Remark::of_file(
            "見出しの下に行がありません。データの入ったファイルを選んでください",
        ));
    }
    sheet
}

/// A heading without what services write differently.
fn folded(heading: &str) -> String {
    plain(heading)
        .to_lowercase()
        .replace([' ', '_', '-', '.'], "")
}

fn field_of(heading: &str, fields: &[Field]) -> Option<Field> {
    let wanted = folded(heading);
    let matches = |name: &str| folded(name) == wanted;
    fields
        .iter()
        .find(|field| matches(field.name) || field.aliases.iter().any(|alias| matches(alias)))
        .copied()
}

fn about_heading(heading: &str, message: String) -> Remark {
    Remark {
        line: Some(1),
        column: Some(heading.to_owned()),
        message,
    }
}

impl Sheet {
    /// What each column is called here; none for a column that stays outside.
    fn columns(&mut self, headers: &[String], fields: &[Field]) -> Vec<Option<&'static str>> {
        let mut found: Vec<Option<&'static str>> = Vec::new();
        for header in headers {
            let field = field_of(header, fields);
            match field {
                Some(field) if found.contains(&Some(field.name)) => {
                    let message = format!(
                        "「{header}」は「{}」の列が2つ目です。どちらかの列を除いてください",
                        field.label
                    );
                    self.faults.push(about_heading(header, message));
                    found.push(None);
                }
                Some(field) => found.push(Some(field.name)),
                None => {
                    self.warn_of_unknown(header);
                    found.push(None);
                }
            }
        }
        let missing = |field: &&Field| field.required && !found.contains(&Some(field.name));
        for Field { label, .. } in fields.iter().filter(missing) {
            let message =
                format!("「{label}」の列がありません。見出しの行に「{label}」を加えてください");
            self.faults.push(about_heading(label, message));
        }
        found
    }

    fn warn_of_unknown(&mut self, header: &str) {
        let is_not_taken = NOT_TAKEN.iter().any(|name| folded(name) == folded(header));
        let message = if is_not_taken {
            format!("「{header}」の列は取り込みません（必要な項目だけをお預かりします）")
        } else {
            format!("「{header}」という列は分からないため、取り込みません")
        };
        self.warnings.push(about_heading(header, message));
    }

    fn take(&mut self, record: &csv::StringRecord, width: usize, columns: &[Option<&'static str>]) {
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|value| value.trim().is_empty()) {
            return;
        }
        if record.len() != width {
            let message = format!(
                "列の数が見出しと違います（見出し {width}、この行 {}）。区切りのカンマを確かめてください",
                record.len()
            );
            self.faults.push(Remark {
                line: Some(line),
                column: None,
                message,
            });
            return;
        }
        let values = columns
            .iter()
            .zip(record)
            .filter_map(|(name, value)| name.map(|name| (name, value.to_owned())))
            .collect();
        self.rows.push(Row { line, values });
    }
}
