//! Values as MIME bundles, for front ends to choose from.

use engines::link::Shown;
use serde_json::{Map, Value};

/// Everything that a front end may show for `shown`, by MIME type; `text/plain` is always there.
pub fn bundle(shown: &Shown) -> Map<String, Value> {
    let text = match shown {
        Shown::Text(text) | Shown::Array { text, .. } => text.clone(),
        Shown::Distribution { info, .. } => {
            format!("distribution of {:?} {}", info.shape, info.dtype)
        }
        Shown::Redistribution { before, .. } => {
            format!("redistribution of {:?} {}", before.shape, before.dtype)
        }
        Shown::Image { shape, .. } => format!("image of {:?} values", shape),
    };
    Map::from_iter([("text/plain".to_string(), Value::String(text))])
}
