//! Frames from cameras: every layout, and nothing beyond what was delivered.

use camera::frame::{Frame, FrameError, LONGEST_DECODED, LONGEST_SIDE, Layout};

const GREY: Layout = Layout {
    width: 3,
    height: 2,
    row: 3,
    step: 1,
    first: 0,
};

#[test]
fn brightness_is_taken_from_where_it_lies() {
    let rows: [(&str, Layout, Vec<u8>); 4] = [
        ("grey", GREY, vec![1, 2, 3, 4, 5, 6]),
        (
            "rows with padding",
            Layout { row: 5, ..GREY },
            vec![1, 2, 3, 0, 0, 4, 5, 6],
        ),
        (
            "YUYV",
            Layout {
                row: 6,
                step: 2,
                ..GREY
            },
            vec![1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9],
        ),
        (
            "UYVY",
            Layout {
                row: 6,
                step: 2,
                first: 1,
                ..GREY
            },
            vec![9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6],
        ),
    ];
    for (name, layout, bytes) in rows {
        let frame = Frame::from_camera(&bytes, layout).unwrap();
        assert_eq!(frame.luma(), [1, 2, 3, 4, 5, 6], "{name}");
        for end in 0..bytes.len() {
            let short = Frame::from_camera(&bytes[..end], layout);
            // The last chroma byte is of no use to us.
            let enough = layout.step == 2 && layout.first == 0 && end + 1 == bytes.len();
            assert!(
                enough || matches!(short, Err(FrameError::Short { .. })),
                "{name}, {end} bytes"
            );
        }
    }
}

#[test]
fn a_size_out_of_bounds_is_refused_before_anything_is_reserved() {
    for (width, height) in [
        (0, 1),
        (1, 0),
        (LONGEST_SIDE + 1, 1),
        (8000, 8000),
        (u32::MAX, u32::MAX),
    ] {
        let layout = Layout {
            width,
            height,
            row: usize::MAX,
            ..GREY
        };
        let size = Err(FrameError::Size { width, height });
        assert_eq!(Frame::from_camera(&[0; 16], layout), size);
        assert_eq!(Frame::new(width, height, Vec::new()), size);
    }
    assert!(matches!(
        Frame::from_camera(
            &[0; 16],
            Layout {
                row: usize::MAX,
                ..GREY
            }
        ),
        Err(FrameError::Short { .. })
    ));
}

#[test]
fn a_large_picture_is_made_smaller_and_a_small_one_left_alone() {
    let small = Frame::new(2, 2, vec![1, 2, 3, 4]).unwrap();
    assert_eq!(small.clone().for_decoder(), small);
    let (width, height) = (LONGEST_DECODED * 2, 4);
    let stripes =
        (0..height).flat_map(|row| (0..width).map(move |_| if row < 2 { 10 } else { 250 }));
    let large = Frame::new(width, height, stripes.collect())
        .unwrap()
        .for_decoder();
    assert_eq!((large.width(), large.height()), (LONGEST_DECODED, 2));
    assert!(
        large.luma()[..LONGEST_DECODED as usize]
            .iter()
            .all(|value| *value == 10)
    );
    assert!(
        large.luma()[LONGEST_DECODED as usize..]
            .iter()
            .all(|value| *value == 250)
    );
    let thin = Frame::new(LONGEST_SIDE, 1, vec![7; LONGEST_SIDE as usize])
        .unwrap()
        .for_decoder();
    assert!(thin.width() <= LONGEST_DECODED && thin.height() == 1);
}
