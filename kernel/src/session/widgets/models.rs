//! The models that the front end has of widgets: for each kind of ours its names there, and the state that it begins with.

use engines::link::Tree;
use serde_json::{Map, Value, json};

const CONTROLS: &str = "@jupyter-widgets/controls";
const BASE: &str = "@jupyter-widgets/base";

/// The module of a kind, its version, the kind's style, and what it holds beside what the engines say.
fn of(kind: &str) -> (&'static str, &'static str, Option<&'static str>, Value) {
    let control = |style, more| (CONTROLS, "2.0.0", Some(style), more);
    match kind {
        "Output" => ("@jupyter-widgets/output", "1.0.0", None, json!({"msg_id": "", "outputs": []})),
        "VBox" => (
            CONTROLS,
            "2.0.0",
            None,
            json!({"box_style": "", "children": [], "_dom_classes": ["widget-interact"]}),
        ),
        "IntSlider" | "FloatSlider" => control("SliderStyle", json!({"behavior": "drag-tap"})),
        "Checkbox" => control("CheckboxStyle", json!({})),
        "ToggleButton" => control("ToggleButtonStyle", json!({"button_style": ""})),
        "Text" => control("TextStyle", json!({})),
        "Button" => control("ButtonStyle", json!({"button_style": "", "icon": "", "disabled": false})),
        "IntText" => control("DescriptionStyle", json!({"continuous_update": false, "step": 1})),
        "FloatText" => control("DescriptionStyle", json!({"continuous_update": false, "step": null})),
        "RadioButtons" => control("DescriptionStyle", json!({"orientation": "vertical"})),
        _ => control("DescriptionStyle", json!({})),
    }
}

/// What names a model's classes in the front end.
fn names(name: &str, view: &str, module: &str, version: &str) -> Map<String, Value> {
    let names = json!({
        "_model_module": module, "_model_module_version": version, "_model_name": format!("{name}Model"),
        "_view_module": module, "_view_module_version": version, "_view_name": view,
    });
    object(names)
}

/// A layout's state, with what the user says of it.
pub fn layout(given: &Tree) -> Map<String, Value> {
    let mut state = names("Layout", "LayoutView", BASE, "2.0.0");
    state.extend(object(json(given)));
    state
}

/// The state of the style of a kind that has one.
pub fn style(kind: &str, given: &Tree) -> Option<Map<String, Value>> {
    let mut state = names(of(kind).2?, "StyleView", CONTROLS, "2.0.0");
    state.insert("_view_module".to_string(), json!(BASE));
    state.insert("_view_module_version".to_string(), json!("2.0.0"));
    if kind != "Button" {
        state.insert("description_width".to_string(), json!(""));
    }
    state.extend(object(json(given)));
    Some(state)
}

/// The state of a widget, without what names other models.
pub fn widget(kind: &str, given: &Tree) -> Map<String, Value> {
    let (module, version, style, more) = of(kind);
    let mut state = names(kind, &format!("{kind}View"), module, version);
    if style.is_some() {
        state.extend(object(json!({"description_allow_html": false})));
    }
    state.extend(object(json!({"_dom_classes": [], "tabbable": null, "tooltip": null})));
    state.extend(object(more));
    state.extend(object(json(given)));
    state
}

/// Plain data as JSON; a number that is whole is an int there.
pub fn json(tree: &Tree) -> Value {
    match tree {
        Tree::None => Value::Null,
        Tree::Flag(flag) => json!(flag),
        Tree::Number(x) => number(*x),
        Tree::Numbers(numbers) => numbers.iter().copied().map(number).collect(),
        Tree::Text(text) => json!(text),
        Tree::List(items) => items.iter().map(json).collect(),
        Tree::Dict(items) => items.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

fn number(x: f64) -> Value {
    match x.fract() == 0.0 && x.abs() < 2f64.powi(53) {
        true => json!(x as i64),
        false => json!(x),
    }
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What a front end says a widget holds, as the language writes it; nothing for what no widget of ours holds.
pub fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("None".to_string()),
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => {
            let mut out = String::from("'");
            for c in text.chars() {
                match c {
                    ' '..='~' if c != '\'' && c != '\\' => out.push(c),
                    _ => out.push_str(&format!("\\U{:08x}", c as u32)),
                }
            }
            Some(out + "'")
        }
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_the_front_ends_names() {
        let given = Tree::Dict(vec![("value".into(), Tree::Number(5.0)), ("step".into(), Tree::Number(0.1))]);
        let state = widget("FloatSlider", &given);
        assert_eq!(
            (&state["_model_name"], &state["_view_name"]),
            (&json!("FloatSliderModel"), &json!("FloatSliderView"))
        );
        assert_eq!((&state["value"], &state["step"]), (&json!(5), &json!(0.1)));
        let style = style("FloatSlider", &Tree::None).unwrap();
        assert_eq!(
            (&style["_model_name"], &style["_view_module"]),
            (&json!("SliderStyleModel"), &json!(BASE))
        );
        assert!(super::style("Output", &Tree::None).is_none());
    }

    #[test]
    fn what_is_typed_is_text_and_nothing_else() {
        assert_eq!(
            literal(&json!("it's\n\\é")).unwrap(),
            "'it\\U00000027s\\U0000000a\\U0000005c\\U000000e9'"
        );
        assert_eq!(literal(&json!(0.5)).unwrap(), "0.5");
        assert_eq!((literal(&json!(true)), literal(&json!([1]))), (Some("True".into()), None));
    }
}
