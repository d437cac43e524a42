//! A session for the tests of completion and inspection.

use crate::dtype::DType;
use crate::layout::Layout;
use crate::session::{ArrayInfo, Holds, Session};

pub fn session() -> Session {
    let layout = Layout::replicated(&[4, 3], 2);
    let array = ArrayInfo { dtype: DType::F64, shape: vec![4, 3], layout };
    let doc = "Smooths it.\n\n      Twice.\n    End.\n    ".to_string();
    let names = [
        ("np", Holds::Module("numpy".to_string())),
        ("height", Holds::Array(Box::new(array))),
        ("smooth", Holds::Function { signature: "(a, steps=1)".to_string(), doc: Some(doc) }),
        ("axes", Holds::Value { type_name: "Axes".to_string(), text: "<Axes: title=''>".to_string() }),
        ("items", Holds::Value { type_name: "list".to_string(), text: "[1, 2]".to_string() }),
    ];
    Session { names: names.into_iter().map(|(name, holds)| (name.to_string(), holds)).collect() }
}
