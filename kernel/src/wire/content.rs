//! The content of requests, read with tolerance: a field that is missing or null has the protocol's default.

use jupyter_protocol::HistoryRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads `content` as a `T`, whose defaults fill what is missing. Fails on a value of the wrong type, in words.
pub fn read<T: Default + Serialize + DeserializeOwned>(content: &Value) -> Result<T, String> {
    fill(serde_json::to_value(T::default()).unwrap_or_default(), content)
}

/// As `read`, for history: the defaults depend on the access type.
pub fn read_history(content: &Value) -> Result<HistoryRequest, String> {
    let access = content.get("hist_access_type").and_then(Value::as_str).unwrap_or("tail");
    let defaults = match access {
        "tail" => json!({"n": i32::MAX}),
        "search" => json!({"pattern": "*", "unique": false, "n": i32::MAX}),
        "range" => json!({"session": 0, "start": 0, "stop": i32::MAX}),
        _ => {
            return Err(format!("hist_access_type is range, tail or search, not {access:?}"));
        }
    };
    let mut defaults = defaults;
    for (name, value) in [("hist_access_type", json!(access)), ("output", json!(false)), ("raw", json!(true))]
    {
        defaults[name] = value;
    }
    fill(defaults, content)
}

fn fill<T: DeserializeOwned>(defaults: Value, content: &Value) -> Result<T, String> {
    let given = content.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let mut filled: Map<String, Value> = defaults.as_object().cloned().unwrap_or_default();
    filled.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    serde_json::from_value(Value::Object(filled)).map_err(|e| e.to_string())
}

/// Reads `content` as every kind of request, for the fuzzing tests.
#[cfg(test)]
pub fn check_all(content: &Value) {
    use jupyter_protocol::{CommInfoRequest, CompleteRequest, ExecuteRequest};
    use jupyter_protocol::{InspectRequest, IsCompleteRequest, ShutdownRequest};
    let _ = read::<ExecuteRequest>(content);
    let _ = read::<CompleteRequest>(content);
    let _ = read::<InspectRequest>(content);
    let _ = read::<IsCompleteRequest>(content);
    let _ = read::<ShutdownRequest>(content);
    let _ = read::<CommInfoRequest>(content);
    let _ = read_history(content);
}

#[cfg(test)]
mod tests {
    use super::*;
    use jupyter_protocol::ExecuteRequest;

    #[test]
    fn missing_fields_have_defaults() {
        let request: ExecuteRequest =
            read(&json!({"code": "1", "user_expressions": null, "new": 1})).unwrap();
        assert_eq!((request.code.as_str(), request.silent, request.store_history), ("1", false, true));
        assert!(request.stop_on_error && request.user_expressions.unwrap_or_default().is_empty());
        assert!(read::<ExecuteRequest>(&json!({"code": 1})).unwrap_err().contains("expected a string"));
        let history = read_history(&json!({"hist_access_type": "search", "pattern": "a*", "output": false}));
        assert!(matches!(history, Ok(HistoryRequest::Search { unique: false, n: i32::MAX, .. })));
        let history = read_history(&json!({"hist_access_type": "range", "session": 2, "start": 3}));
        assert!(matches!(
            history,
            Ok(HistoryRequest::Range { session: Some(2), start: 3, stop: i32::MAX, .. })
        ));
        assert!(read_history(&json!({"hist_access_type": "all"})).is_err());
        assert!(read_history(&json!([])).is_ok());
    }
}
