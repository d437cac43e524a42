//! What must be in each picture: structure and labels, not pixels.

use lang::dtype::DType;
use lang::layout::{DistSpec, Layout};
use lang::plan::traffic;
use lang::scalar::Scalar;
use lang::session::ArrayInfo;

use super::*;

fn info(shape: &[usize], dist: &str, team: usize) -> ArrayInfo {
    let layout = Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, None, None).unwrap();
    ArrayInfo { dtype: DType::F64, shape: shape.to_vec(), layout }
}

fn diagram(shape: &[usize], dist: &str, team: usize) -> Shown {
    let size: usize = shape.iter().product();
    let values = (size <= 100).then(|| (0..size).map(|i| Scalar::I64(i as i64)).collect());
    Shown::Distribution { info: info(shape, dist, team), values, title: None }
}

fn moving(shape: &[usize], before: &str, after: &str, team: usize) -> Shown {
    let (before, after) = (info(shape, before, team), info(shape, after, team));
    let bytes = traffic(&before.layout, &after.layout, 8, team);
    Shown::Redistribution { before, after, bytes }
}

fn data(shown: &Shown, mime: &str) -> String {
    bundle(shown).get(mime).and_then(Value::as_str).unwrap_or_else(|| panic!("no {mime}")).to_string()
}

/// The text without its colours.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\x1b[") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    out + rest
}

/// The texts of an SVG, in order.
fn labels(svg: &str) -> Vec<String> {
    let inner = |part: &str| {
        part.split_once('>')
            .and_then(|(_, rest)| rest.split_once("</text>"))
            .map(|(t, _)| t.trim().to_string())
    };
    svg.split("<text").skip(1).filter_map(inner).collect()
}

/// Every diagram: small, self-contained, well-formed, nothing outside its box.
fn sound(svg: &str) {
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    assert!(svg.starts_with("<svg role=\"img\" aria-label=") && svg.trim_end().ends_with("</svg>"));
    for forbidden in ["<script", " id=\"", "<style", "#010203"] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    assert!(svg.matches('<').count() < 4000);
    let number = |key: &str, tag: &str| -> Option<f64> {
        let from = tag.find(&format!(" {key}=\""))? + key.len() + 3;
        tag[from..].split('"').next()?.parse().ok()
    };
    let (width, height) = (number("width", svg).unwrap(), number("height", svg).unwrap());
    for tag in svg.split('<').filter(|t| t.starts_with("rect")) {
        let at = |key| number(key, tag).unwrap();
        assert!(at("x") >= 0.0 && at("y") >= 0.0, "{tag}");
        assert!(
            at("x") + at("width") <= width + 0.5 && at("y") + at("height") <= height + 0.5,
            "{tag} in {width} x {height}"
        );
    }
}

#[test]
fn a_diagram_has_its_parts() {
    let svg = data(&diagram(&[5, 9], "bc", 4), "image/svg+xml");
    sound(&svg);
    let texts = labels(&svg);
    for wanted in [
        "Distribution over 4 ranks",
        "axis 0, block",
        "axis 1, cyclic",
        "process grid 2 \u{d7} 2",
        "(1, 0)",
        "120 B (3 \u{d7} 5)",
    ] {
        assert!(texts.iter().any(|t| t == wanted), "{wanted} in {texts:?}");
    }
    for value in 0..45 {
        assert!(texts.contains(&value.to_string()), "{value}");
    }
    // Of 2 x 9 owner runs each is one rectangle in its rank's colour; one more in the grid, the legend, and the bar.
    for (rank, runs) in [(0, 5), (1, 4), (2, 5), (3, 4)] {
        let [r, g, b] = lang::picture::palette::rank_color(rank);
        assert_eq!(svg.matches(&format!("fill=\"#{r:02X}{g:02X}{b:02X}\"")).count(), runs + 3, "rank {rank}");
    }
}

#[test]
fn every_shape_can_be_drawn() {
    for (shape, dist, team) in [
        (&[][..], "", 3),
        (&[0], "b", 3),
        (&[1], "c", 4),
        (&[3], "b", 7),
        (&[1 << 40], "c", 4),
        (&[1 << 40], "c4096", 3),
        (&[100_000], "b", 1000),
        (&[0, 7], "bb", 4),
        (&[1, 1], "bb", 4),
        (&[1, 100_000], "nb", 3),
        (&[100_000, 1], "bn", 3),
        (&[4096, 4096], "bb", 1024),
        (&[4096, 4096], "cc", 64),
        (&[64, 64], "bc3", 6),
        (&[2, 3, 4], "bbb", 8),
        (&[100, 1, 1000], "bnb", 4),
        (&[64, 64, 64], "ccc", 64),
        (&[64, 64, 64], "bbb", 512),
        (&[0, 2, 2], "b", 2),
        (&[4, 4, 4, 4], "bbbb", 16),
        (&[2, 2, 2, 2, 2], "nnbnb", 4),
        (&[5, 5], "r", 4),
        (&[500, 500, 500], "r", 4),
        (&[9], "n", 4),
    ] {
        let shown = diagram(shape, dist, team);
        sound(&data(&shown, "image/svg+xml"));
        let text = data(&shown, "text/plain");
        let lines = plain(&text);
        assert!(lines.lines().count() < 100 && lines.lines().all(|l| l.chars().count() < 110), "{lines}");
        assert!(text.len() < 40_000, "{} bytes of text for {shape:?}", text.len());
        let card = Shown::Array {
            text: "array".into(),
            info: info(shape, dist, team),
            values: None,
            thumbnail: None,
        };
        let html = data(&card, "text/html");
        assert!(html.len() < 100_000 && html.contains("<b>float64</b>"));
        assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
    }
}

#[test]
fn any_distribution_can_be_drawn() {
    let mut seed = 7u64;
    let mut roll = |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n
    };
    for _ in 0..400 {
        let ndim = roll(6);
        let shape: Vec<usize> = (0..ndim).map(|_| [0, 1, 2, 5, 7, 40, 1000][roll(7)]).collect();
        let dist: String = (0..ndim).map(|_| ["n", "b", "c", "c2", "c7"][roll(5)]).collect();
        let shown =
            Shown::Distribution { info: info(&shape, &dist, 1 + roll(20)), values: None, title: None };
        let svg = data(&shown, "image/svg+xml");
        sound(&svg);
        data(&shown, "text/plain");
    }
}

#[test]
fn what_is_left_out_is_said() {
    let svg = data(&diagram(&[1 << 40], "c", 4), "image/svg+xml");
    assert!(labels(&svg).iter().any(|t| t.starts_with("axis 0, 8 to 10995")), "{:?}", labels(&svg));
    let svg = data(&diagram(&[8, 8, 8, 8], "bbnn", 16), "image/svg+xml");
    assert!(labels(&svg).contains(&"6 of 16 slices with different owners are drawn".to_string()));
}

#[test]
fn the_console_reads_without_colour() {
    let text = plain(&data(&diagram(&[5, 9], "bc", 4), "text/plain"));
    let expected = "\
Distribution over 4 ranks
b,c on 2x2 \u{b7} (5, 9) of float64 \u{b7} 360 B

  axis 1, cyclic
  0 1 2 3 4 5 6 7 8
0 0 1 0 1 0 1 0 1 0 
  0 1 0 1 0 1 0 1 0 
  0 1 0 1 0 1 0 1 0 
3 2 3 2 3 2 3 2 3 2 
  2 3 2 3 2 3 2 3 2 
5 (axis 0, block)

bytes per rank, largest part 1.33 \u{d7} the mean
0 (0, 0) \u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588} 120 B (3 \u{d7} 5)
";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_redistribution_shows_both_sides_and_the_traffic() {
    let shown = moving(&[5, 9], "bn", "nb", 4);
    let svg = data(&shown, "image/svg+xml");
    sound(&svg);
    let texts = labels(&svg);
    for wanted in ["before: b,n on 4x1", "after: n,b on 1x4", "48 B", "24 B", "stays on its rank"] {
        assert!(texts.iter().any(|t| t == wanted), "{wanted} in {texts:?}");
    }
    assert!(texts[1].ends_with("67 % moves: 240 B in 6 messages; 120 B stay where they are"), "{}", texts[1]);
    let text = plain(&data(&shown, "text/plain"));
    assert!(text.contains("\n   0  48 B  48 B  48 B     -\n"), "{text}");
    for (before, after, team) in
        [("b", "c", 40), ("b", "r", 5), ("r", "b", 5), ("b", "b", 3), ("b", "n", 1), ("b", "c", 300)]
    {
        let shown = moving(&[3000], before, after, team);
        sound(&data(&shown, "image/svg+xml"));
        assert!(data(&shown, "text/plain").len() < 40_000);
    }
}

#[test]
fn a_picture_has_axes_and_a_colour_bar() {
    let image = |cmap: &str, values: Vec<f32>, shape: [usize; 2]| Shown::Image {
        rows: shape[0],
        cols: shape[1],
        values,
        shape,
        vmin: 0.0,
        vmax: 5.0,
        cmap: cmap.into(),
        title: Some("Heights <m> & more".into()),
    };
    let svg = data(&image("magma", vec![0.0, 1.0, 2.0, 3.0, 4.0, f32::NAN], [2, 3]), "image/svg+xml");
    assert_eq!(svg.matches("href=\"data:image/png;base64,").count(), 2);
    assert_eq!(
        labels(&svg),
        ["Heights &lt;m&gt; &amp; more", "0", "1", "2", "0", "1", "0", "1", "2", "3", "4", "5"]
    );
    sound(&svg);
    let svg = data(&image("nope", vec![1.0], [1, 1]), "image/svg+xml");
    assert!(labels(&svg).iter().any(|t| t.contains("no colour map is called")));
    sound(&data(&image("gray", vec![], [0, 3]), "image/svg+xml"));
    let text =
        plain(&data(&image("gray", vec![1.0, 1.0, 0.0, 5.0, 1.0, 1.0, 2.5, f32::NAN], [4, 2]), "text/plain"));
    assert_eq!(text.lines().collect::<Vec<_>>()[1..3], [" @", "+?"]);
    assert!(text.contains("gray of (4, 2)"));
}

#[test]
fn other_values_are_text() {
    let shown = Shown::Text("3.5".into());
    assert_eq!(serde_json::to_string(&bundle(&shown)).unwrap(), "{\"text/plain\":\"3.5\"}");
}

#[test]
fn cards_escape_and_follow_the_theme() {
    let mut about = info(&[4000, 10], "b", 4);
    about.dtype = DType::C128;
    let html = card::html("array(['<b>'])", &about, None);
    assert!(
        html.contains("&lt;b&gt;")
            && html.contains("b,n on 4x1")
            && html.contains("<b>complex128</b> (4000, 10)")
    );
    assert!(html.contains("640 kB, 160 kB on each of 4 ranks"), "{html}");
    assert!(html.contains("<svg") && html.contains("--jp-content-font-color2"));
    let html = card::html("array(1.)", &info(&[5], "r", 4), None);
    assert!(html.contains("<svg") && html.contains("40 B on each of 4 ranks"));
}
