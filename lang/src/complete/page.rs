//! Where there is more to read about the function that a call calls.

use super::context::{Context, Meaning};
use crate::ops::{self, Module};
use crate::session::Session;

/// What is to be typed to see the function's page of the reference, and where the page of what it comes from is; nothing of
/// Python's own builtins and of the user's functions.
pub fn page(call: &str, session: &Session) -> Option<(String, Option<String>)> {
    let end = call.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))?;
    let name = &call[..end];
    if !call[end..].starts_with('(') || name.ends_with('.') {
        return None;
    }
    let row = match Context::new(name, end, session).meaning(name)? {
        Meaning::Row(row) | Meaning::Method(row) => ops::row(row),
        _ => return None,
    };
    let numpy =
        |path: &str| format!("https://numpy.org/doc/stable/reference/generated/{path}{}.html", row.name);
    let python =
        |module: &str| format!("https://docs.python.org/3/library/{module}.html#{module}.{}", row.name);
    let url = match row.module {
        Module::Python => return None,
        Module::Numpy => Some(numpy("numpy.")),
        Module::Linalg => Some(numpy("numpy.linalg.")),
        Module::Fft => Some(numpy("numpy.fft.")),
        Module::Array => Some(numpy("numpy.ndarray.")),
        Module::Math => Some(python("math")),
        Module::Itertools => Some(python("itertools")),
        Module::Functools => Some(python("functools")),
        Module::Pyplot => {
            Some(format!("https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.{}.html", row.name))
        }
        _ => None,
    };
    Some((format!("{name}?"), url))
}

#[cfg(test)]
mod tests {
    use super::super::testing::session;
    use super::page;

    #[test]
    fn calls_lead_to_their_pages() {
        let check = |call: &str, shows: Option<&str>, url: &str| {
            let found = page(call, &session());
            assert_eq!(found.as_ref().map(|f| f.0.as_str()), shows, "{call}");
            assert!(found.and_then(|f| f.1).unwrap_or_default().ends_with(url), "{call}");
        };
        check("np.linspace(0, 1, -1)", Some("np.linspace?"), "/numpy.linspace.html");
        check("np.linalg.inv(height)", Some("np.linalg.inv?"), "/numpy.linalg.inv.html");
        check("height.reshape(5)", Some("height.reshape?"), "/numpy.reshape.html");
        check("height.astype(5)", Some("height.astype?"), "/numpy.ndarray.astype.html");
        check("redistribute(height, 'q')", Some("redistribute?"), "");
        for nothing in
            ["int('x')", "smooth(1, 2, 3)", "1 / 0", "height[7]", "nobody(1)", "(1)(2)", "", "np.", "np.pi"]
        {
            assert_eq!(page(nothing, &session()), None, "{nothing}");
        }
    }
}
