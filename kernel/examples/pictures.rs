//! Draws one of everything that a notebook can show into a folder, for people to look at.
//!
//!     cargo run -p distarray-kernel --example pictures -- OUT_DIR

use std::fs;
use std::path::Path;

use engines::link::{Shown, Thumbnail};
use kernel::display::bundle;
use lang::dtype::DType;
use lang::layout::{DimSpec, DistSpec, Layout};
use lang::plan::traffic;
use lang::scalar::Scalar;
use lang::session::ArrayInfo;

fn info(shape: &[usize], dims: Vec<DimSpec>, team: usize, grid: Option<&[usize]>) -> ArrayInfo {
    let layout = Layout::new(shape, &DistSpec::Dims(dims), team, grid, None).expect("a layout");
    ArrayInfo { dtype: DType::F64, shape: shape.to_vec(), layout }
}

fn simple(shape: &[usize], dist: &str, team: usize) -> ArrayInfo {
    let layout =
        Layout::new(shape, &DistSpec::parse(dist).expect("a dist"), team, None, None).expect("a layout");
    ArrayInfo { dtype: DType::F64, shape: shape.to_vec(), layout }
}

fn counted(info: ArrayInfo) -> Shown {
    let values = (0..info.layout.size()).map(|i| Scalar::I64(i as i64)).collect();
    Shown::Distribution { info, values: Some(values), title: None }
}

fn bare(info: ArrayInfo) -> Shown {
    Shown::Distribution { info, values: None, title: None }
}

fn moving(before: ArrayInfo, after: ArrayInfo, team: usize) -> Shown {
    let bytes = traffic(&before.layout, &after.layout, 8, team);
    Shown::Redistribution { before, after, bytes }
}

fn card(info: ArrayInfo) -> Shown {
    let text = "array([[0.        , 0.14285714, 0.28571429],\n       [0.42857143, 0.57142857, 0.71428571]])"
        .to_string();
    let (rows, cols) = if info.shape.len() == 1 { (1, 240) } else { (36, 66) };
    let value = |k: usize| ((k / cols) as f32 / 9.0).sin() + ((k % cols) as f32 / 7.0).cos();
    let thumbnail = (!info.layout.everywhere).then(|| Thumbnail {
        rows,
        cols,
        values: (0..rows * cols).map(value).collect(),
    });
    Shown::Array { text, info, values: None, thumbnail }
}

fn hills(rows: usize, cols: usize, cmap: &str, title: Option<&str>) -> Shown {
    let values: Vec<f32> = (0..rows * cols)
        .map(|k| {
            let (y, x) = ((k / cols) as f32 / rows as f32, (k % cols) as f32 / cols as f32);
            600.0 + 500.0 * ((x * 9.0).sin() * (y * 7.0).cos() + 0.3 * (31.0 * x * y).sin())
        })
        .collect();
    let (vmin, vmax) = (50.0, 1200.0);
    let title = title.map(str::to_string);
    Shown::Image { rows, cols, values, shape: [rows, cols], vmin, vmax, cmap: cmap.to_string(), title }
}

fn main() -> std::io::Result<()> {
    use DimSpec::{Block, Bounds, Cyclic, Unstructured, Whole};
    let out = std::env::args().nth(1).unwrap_or_else(|| "target/pictures".to_string());
    let nine = [5, 9];
    let pictures: Vec<(&str, Shown)> = vec![
        ("nine-1-bn", counted(info(&nine, vec![Block, Whole], 3, None))),
        ("nine-2-nb", counted(info(&nine, vec![Whole, Block], 3, None))),
        ("nine-3-bb", counted(info(&nine, vec![Block, Block], 4, None))),
        ("nine-4-bc", counted(info(&nine, vec![Block, Cyclic(1)], 4, None))),
        ("nine-5-cc", counted(info(&nine, vec![Cyclic(1), Cyclic(1)], 4, None))),
        (
            "nine-6-irregular",
            counted(info(&nine, vec![Bounds(vec![0, 1, 5]), Bounds(vec![0, 2, 9])], 4, None)),
        ),
        ("nine-7-blockcyclic", counted(info(&nine, vec![Cyclic(2), Cyclic(2)], 4, None))),
        (
            "nine-8-unstructured",
            counted(info(
                &nine,
                vec![
                    Unstructured(vec![vec![0, 3], vec![1, 2, 4]]),
                    Unstructured(vec![vec![0, 2, 4, 8], vec![7, 6, 5, 3, 1]]),
                ],
                4,
                None,
            )),
        ),
        ("nine-9-cube", bare(info(&[5, 9, 3], vec![Cyclic(1), Block, Cyclic(1)], 8, Some(&[2, 2, 2])))),
        ("line-block", bare(simple(&[1_000_000], "b", 4))),
        ("line-values", counted(simple(&[12], "c", 3))),
        ("line-cyclic", bare(simple(&[1_000_000], "c", 4))),
        ("line-64", bare(simple(&[100_000], "b", 64))),
        ("line-empty-parts", bare(simple(&[9], "b", 4))),
        ("plane-block", bare(simple(&[8192, 8192], "bb", 6))),
        ("plane-rows", bare(simple(&[4000, 4000], "bn", 4))),
        ("plane-wide", bare(simple(&[100, 5000], "nb", 3))),
        ("plane-tall", bare(simple(&[5000, 20], "b", 5))),
        ("plane-cyclic", bare(simple(&[512, 512], "cc", 4))),
        ("plane-64", bare(simple(&[8192, 8192], "bb", 64))),
        ("plane-1000", bare(simple(&[8192, 8192], "bb", 1000))),
        ("plane-uneven", bare(info(&[100, 100], vec![Bounds(vec![0, 5, 20, 100]), Whole], 3, None))),
        (
            "plane-replicated",
            counted(ArrayInfo {
                dtype: DType::F64,
                shape: vec![3, 4],
                layout: Layout::replicated(&[3, 4], 4),
            }),
        ),
        (
            "plane-replicated-large",
            bare(ArrayInfo {
                dtype: DType::F32,
                shape: vec![300, 400],
                layout: Layout::replicated(&[300, 400], 4),
            }),
        ),
        ("cube-bnn", bare(simple(&[256, 256, 1024], "b", 4))),
        ("cube-bbb", bare(simple(&[64, 64, 64], "bbb", 8))),
        ("cube-bbn", bare(simple(&[256, 256, 512], "bbn", 6))),
        ("cube-ccc", bare(simple(&[64, 64, 64], "ccc", 8))),
        ("four", bare(simple(&[8, 16, 32, 64], "bnbn", 4))),
        ("four-leading", bare(simple(&[64, 2, 100, 200], "bnbn", 8))),
        ("point", counted(simple(&[], "n", 4))),
        ("nothing", bare(simple(&[0, 5], "b", 4))),
        ("move-rows-to-columns", moving(simple(&[5, 9], "bn", 4), simple(&[5, 9], "nb", 4), 4)),
        ("move-line", moving(simple(&[1000], "b", 4), simple(&[1000], "c", 4), 4)),
        ("move-gather", moving(simple(&[1000, 300], "bb", 4), simple(&[1000, 300], "n", 4), 4)),
        ("move-many", moving(simple(&[512, 512], "bn", 32), simple(&[512, 512], "bb", 32), 32)),
        ("card-block", card(simple(&[4000, 4000], "bn", 4))),
        ("card-cube", card(simple(&[64, 64, 64], "bbb", 8))),
        ("card-line", card(simple(&[1_000_000], "b", 4))),
        (
            "card-replicated",
            card(ArrayInfo { dtype: DType::F64, shape: vec![2, 3], layout: Layout::replicated(&[2, 3], 4) }),
        ),
        ("image-earth", hills(344, 403, "gist_earth", Some("Elevation, m"))),
        ("image-small", hills(4, 7, "viridis", None)),
    ];
    let out = Path::new(&out);
    fs::create_dir_all(out)?;
    for (name, shown) in pictures {
        for (mime, data) in bundle(&shown) {
            let ending = match &mime[..] {
                "image/svg+xml" => "svg",
                "text/html" => "html",
                _ => "txt",
            };
            fs::write(out.join(format!("{name}.{ending}")), data.as_str().unwrap_or_default())?;
        }
    }
    Ok(())
}
