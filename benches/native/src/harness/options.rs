//! What the command line says.

use std::time::Duration;

/// How to measure, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Row ids, or beginnings of them such as `P2`; all if empty.
    pub rows: Vec<String>,
    /// Row ids are whole, and no beginnings.
    pub exact: bool,
    /// Rounds of each measurement.
    pub rounds: usize,
    /// How long one contender is timed in one round.
    pub round: Duration,
    /// A single figure to print instead of rows.
    pub probe: Option<String>,
    /// Print the ids and measure nothing.
    pub list: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { rows: Vec::new(), exact: false, rounds: 15, round: Duration::from_millis(200), probe: None, list: false }
    }
}

impl Options {
    /// Correctness mainly: a second or two for each row.
    pub fn quick() -> Self {
        Self { rounds: 3, round: Duration::from_millis(20), ..Self::default() }
    }

    /// Reads the arguments: `[ROW …] [--exact] [--quick] [--rounds N] [--probe NAME] [--list]`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut options, mut rounds, mut arguments) = (Self::default(), None, arguments.into_iter());
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => options.exact = true,
                "--quick" => {
                    let Self { rounds, round, .. } = Self::quick();
                    options = Self { rounds, round, ..options };
                }
                "--list" => options.list = true,
                "--rounds" => rounds = Some(number(arguments.next())?),
                "--probe" => options.probe = Some(arguments.next().ok_or("--probe needs a name")?),
                flag if flag.starts_with('-') => return Err(format!("unknown option {flag}")),
                row => options.rows.push(row.to_owned()),
            }
        }
        options.rounds = rounds.unwrap_or(options.rounds);
        Ok(options)
    }

    /// Whether row `id` was asked for. `P1` asks for P1a and P1b, but not for P10; if exact, for nothing but P1.
    pub fn wants(&self, id: &str) -> bool {
        let goes_on = |rest: &str| !self.exact && !rest.starts_with(|c: char| c.is_ascii_digit());
        let begins = |row: &String| id.strip_prefix(row.as_str()).is_some_and(|rest| rest.is_empty() || goes_on(rest));
        self.rows.is_empty() || self.rows.iter().any(begins)
    }
}

fn number(argument: Option<String>) -> Result<usize, String> {
    let found = argument.unwrap_or_default();
    let rounds = found.parse().ok().filter(|rounds| *rounds > 0);
    rounds.ok_or_else(|| format!("--rounds needs a number from 1 on, not {found:?}"))
}
