//! Whole figures: what is in their SVG, and that nothing in a description makes drawing fail.

use super::*;

fn text(text: &str) -> Tree {
    Tree::Text(text.to_string())
}

fn dict(items: &[(&str, Tree)]) -> Tree {
    Tree::Dict(items.iter().map(|(name, tree)| (name.to_string(), tree.clone())).collect())
}

fn figure(marks: Vec<Tree>, more: &[(&str, Tree)]) -> Tree {
    let mut axes = vec![
        ("place", Tree::Numbers(vec![1.0, 1.0, 0.0, 0.0, 1.0, 1.0])),
        ("title", text("A <title>")),
        ("marks", Tree::List(marks)),
    ];
    axes.extend(more.iter().map(|(name, tree)| (*name, tree.clone())));
    dict(&[
        ("size", Tree::Numbers(vec![6.4, 4.8])),
        ("dpi", Tree::Number(100.0)),
        ("axes", Tree::List(vec![dict(&axes)])),
    ])
}

fn line(x: &[f64], y: &[f64]) -> Tree {
    dict(&[
        ("kind", text("line")),
        ("x", Tree::Numbers(x.to_vec())),
        ("y", Tree::Numbers(y.to_vec())),
        ("color", text("#1f77b4")),
        ("style", text("-")),
    ])
}

#[test]
fn a_line_has_its_axes() {
    let drawn = svg(&figure(vec![line(&[0.0, 1.0, 2.0], &[0.0, 10.0, 5.0])], &[]));
    assert!(drawn.contains("width=\"640\" height=\"480\" viewBox=\"0 0 6400 4800\""), "{}", &drawn[..300]);
    for found in ["A &lt;title&gt;", "0.25", "1.75", "#1F77B4"] {
        assert!(drawn.contains(found), "{found}");
    }
}

#[test]
fn descriptions_without_sense_are_drawn_as_far_as_they_go() {
    let nan = f64::NAN;
    let kinds = [
        "line", "scatter", "cells", "bars", "band", "outline", "errors", "across", "text", "image", "mesh",
        "contour", "contourf", "nothing",
    ];
    let log = ("scale", Tree::List(vec![text("log"), text("log")]));
    for kind in kinds {
        let all = [
            dict(&[("kind", text(kind))]),
            dict(&[
                ("kind", text(kind)),
                ("x", Tree::Numbers(vec![nan, 1.0])),
                ("y", Tree::Numbers(vec![-1.0, f64::INFINITY])),
                ("color", text("#zz")),
                ("rows", Tree::Number(1e9)),
                ("levels", Tree::Numbers(vec![1.0])),
                ("axis", Tree::Number(0.0)),
                ("edges", Tree::Numbers(vec![1.0])),
                ("base", Tree::Numbers(vec![1.0])),
                ("heights", Tree::Numbers(vec![1.0, 2.0])),
            ]),
        ];
        for mark in all {
            for more in [
                &[][..],
                std::slice::from_ref(&log),
                &[("legend", dict(&[])), ("bar", dict(&[("mark", mark.clone())]))],
            ] {
                assert!(svg(&figure(vec![mark.clone()], more)).starts_with("<svg"));
            }
        }
    }
    assert!(svg(&Tree::None).starts_with("<svg"));
}

#[test]
fn pictures_and_points_are_pixels() {
    let image = dict(&[
        ("kind", text("image")),
        ("z", Tree::Numbers((0..12).map(f64::from).collect())),
        ("rows", Tree::Number(3.0)),
        ("cols", Tree::Number(4.0)),
        ("left", Tree::Number(-0.5)),
        ("right", Tree::Number(3.5)),
        ("low", Tree::Number(2.5)),
        ("high", Tree::Number(-0.5)),
        ("upper", Tree::Flag(true)),
        ("vmax", Tree::Number(11.0)),
    ]);
    let drawn = svg(&figure(
        vec![image],
        &[("aspect", text("equal")), ("flip", Tree::List(vec![Tree::Flag(false), Tree::Flag(true)]))],
    ));
    assert!(drawn.contains("data:image/png;base64"));
}
