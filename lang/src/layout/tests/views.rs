//! Views against NumPy's answers.

use crate::layout::{Index, View, c_strides, grid_coords};

/// `1, None, ..., ::-2`
fn items(text: &str) -> Vec<Index> {
    let bound = |s: &str| s.trim().parse().ok();
    text.split(',')
        .map(|item| match item.trim() {
            "None" => Index::NewAxis,
            "..." => Index::Ellipsis,
            int if !int.contains(':') => Index::Int(int.parse().unwrap()),
            slice => {
                let parts: Vec<&str> = slice.split(':').collect();
                let step = parts.get(2).and_then(|s| bound(s));
                Index::Slice { start: bound(parts[0]), stop: bound(parts[1]), step }
            }
        })
        .collect()
}

fn elements(view: &View) -> Vec<usize> {
    let strides = c_strides(&view.storage);
    grid_coords(&view.shape())
        .map(|index| view.storage_index(&index).iter().zip(&strides).map(|(i, s)| i * s).sum())
        .collect()
}

/// The rows are NumPy's answers for `np.arange(24).reshape(2, 3, 4)[...]`.
#[test]
fn basic_indexing_is_as_in_numpy() {
    let all: Vec<usize> = (0..24).collect();
    type Row<'a> = (&'a str, &'a [usize], &'a [isize], &'a [usize]);
    let rows: [Row; 12] = [
        ("0", &[3, 4], &[4, 1], &all[..12]),
        ("-1, 2", &[4], &[1], &[20, 21, 22, 23]),
        ("..., 1", &[2, 3], &[12, 4], &[1, 5, 9, 13, 17, 21]),
        ("1:, ::-1", &[1, 3, 4], &[12, -4, 1], &[20, 21, 22, 23, 16, 17, 18, 19, 12, 13, 14, 15]),
        ("::-1, 1:, ::2", &[2, 2, 2], &[-12, 4, 2], &[16, 18, 20, 22, 4, 6, 8, 10]),
        ("None, 1, ..., None, 0", &[1, 3, 1], &[0, 4, 0], &[12, 16, 20]),
        (":, 5:, ::-2", &[2, 0, 2], &[12, 4, -2], &[]),
        ("1, -3, -4", &[], &[], &[12]),
        (":, None, 2", &[2, 1, 4], &[12, 0, 1], &[8, 9, 10, 11, 20, 21, 22, 23]),
        ("1:-1", &[0, 3, 4], &[12, 4, 1], &[]),
        (":, :, 10:-20:-3", &[2, 3, 2], &[12, 4, -3], &[3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20]),
        ("...", &[2, 3, 4], &[12, 4, 1], &all),
    ];
    for (text, shape, strides, expected) in rows {
        let view = View::identity(&[2, 3, 4]).index(&items(text)).unwrap();
        assert_eq!(
            (&view.shape()[..], &view.strides()[..], &elements(&view)[..]),
            (shape, strides, expected),
            "{text}"
        );
    }
}

#[test]
fn wrong_indices_are_refused_as_in_numpy() {
    for (text, message) in [
        ("1, 2, 3, 4", "too many indices for array: array is 3-dimensional, but 4 were indexed"),
        ("..., ...", "an index can only have a single ellipsis ('...')"),
        ("2", "index 2 is out of bounds for axis 0 with size 2"),
        (":, -4", "index -4 is out of bounds for axis 1 with size 3"),
        ("::0", "slice step cannot be zero"),
    ] {
        assert_eq!(View::identity(&[2, 3, 4]).index(&items(text)).unwrap_err().message, message);
    }
    let wide = Index::Slice { start: Some(i64::MIN), stop: Some(i64::MAX), step: Some(i64::MAX) };
    assert_eq!(View::identity(&[5]).index(&[wide]).unwrap().shape(), [1]);
    let down = Index::Slice { start: Some(i64::MAX), stop: Some(i64::MIN), step: Some(i64::MIN) };
    assert_eq!(View::identity(&[5]).index(&[down]).unwrap().shape(), [1]);
}

#[test]
fn views_of_views_compose() {
    let base = View::identity(&[4, 6]);
    let odd = base.index(&items("::-1, 1::2")).unwrap().transpose(&[1, 0]);
    assert_eq!(elements(&odd), [19, 13, 7, 1, 21, 15, 9, 3, 23, 17, 11, 5]);
    let part = odd.index(&items("1:, 2")).unwrap();
    assert_eq!(elements(&part), [9, 11]);
    let wide = part.index(&items("None, :, None")).unwrap().broadcast_to(&[2, 2, 3]).unwrap();
    assert_eq!(elements(&wide), [9, 9, 9, 11, 11, 11, 9, 9, 9, 11, 11, 11]);
    assert!(wide.repeats() && !part.repeats());
    for (shape, message) in [
        (
            &[4][..],
            "operands could not be broadcast together with remapped shapes [original->remapped]: (2,)  and requested shape (4,)",
        ),
        (&[], "input operand has more dimensions than allowed by the axis remapping"),
    ] {
        assert_eq!(part.broadcast_to(shape).unwrap_err().message, message);
    }
}

#[test]
fn axes_of_one_come_and_go() {
    let view = View::identity(&[1, 4, 1, 3]);
    for shape in [&[4, 3][..], &[4, 1, 1, 3], &[1, 1, 4, 3, 1]] {
        let seen = view.reshape(shape).unwrap();
        assert_eq!((seen.shape(), elements(&seen)), (shape.to_vec(), (0..12).collect()));
    }
    assert_eq!(view.reshape(&[12]), None);
    assert_eq!(view.reshape(&[2, 2, 3]), None);
    assert_eq!(View::identity(&[1]).reshape(&[]).unwrap().ndim(), 0);
    assert_eq!(View::identity(&[]).reshape(&[1, 1]).unwrap().shape(), [1, 1]);
}
