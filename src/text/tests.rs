#![allow(clippy::unwrap_used)]

use super::{FontFile, Texts};
use std::sync::Arc;

fn one(text: &str) -> Texts {
    Texts::new(&[(7, text)], &[]).unwrap()
}

#[test]
fn letters_stand_side_by_side_on_the_baseline() {
    let texts = one("HIH");
    let shaped = texts.get(0).unwrap();
    assert_eq!(shaped.glyphs.len(), 3);
    assert!(shaped.glyphs.windows(2).all(|pair| pair[0].x < pair[1].x));
    let [left, top, right, bottom] = shaped.ink;
    assert!((top + 0.714).abs() < 1e-6 && bottom == 0.0, "{:?}", shaped.ink);
    assert!(left > 0.0 && right < shaped.advance);
    let drawn = texts.upright(0, 100.0, 0.0);
    assert_eq!((drawn.letters.top, drawn.letters.height), (-72, 72));
    assert!(drawn.halo.is_none());
}

#[test]
fn lines_stand_centred() {
    let texts = one("wwww\ni");
    let shaped = texts.get(0).unwrap();
    assert_eq!(shaped.lines, 2);
    let last = shaped.glyphs[4];
    assert_eq!(last.y, 1.25);
    assert!((last.x + last.advance / 2.0 - shaped.advance / 2.0).abs() < 1e-5);
}

#[test]
fn marks_join_their_letters() {
    let (composed, joined) = (one("é"), one("e\u{301}"));
    let extent = |texts: &Texts| texts.get(0).unwrap().ink;
    for (a, b) in extent(&composed).iter().zip(extent(&joined)) {
        assert!((a - b).abs() < 0.02);
    }
}

#[test]
fn a_character_without_glyph_is_named_with_its_row() {
    let text = Texts::new(&[(0, "fine"), (41, "東京")], &[]).err().unwrap().to_string();
    assert!(text.contains("'東' (U+6771) in row 41") && text.contains("font="), "{text}");
    // What draws nothing needs no glyph.
    let texts = one("a\u{200d}\tb\u{7}");
    assert!(texts.get(0).unwrap().advance > 1.0);
}

#[test]
fn what_is_no_font_is_refused() {
    let file = FontFile { name: "'x.ttf'".into(), bytes: Arc::new(b"not a font".to_vec()) };
    for texts in [&[][..], &[(0, "a")][..]] {
        let text = Texts::new(texts, std::slice::from_ref(&file)).err().unwrap().to_string();
        assert!(text.contains("got 'x.ttf'"), "{text}");
    }
}

#[test]
fn a_halo_reaches_as_far_as_it_says() {
    let texts = one("I");
    let drawn = texts.upright(0, 64.0, 3.0);
    let (letters, halo) = (&drawn.letters, drawn.halo.as_ref().unwrap());
    let sum = |row: usize| -> f32 {
        let start = row * halo.width;
        halo.coverage[start..start + halo.width].iter().map(|&c| f32::from(c) / 255.0).sum()
    };
    let across: f32 = letters.coverage[20 * letters.width..21 * letters.width]
        .iter()
        .map(|&c| f32::from(c) / 255.0)
        .sum();
    // Through the stem, at the same height.
    let row = (20 + letters.top - halo.top) as usize;
    assert!((sum(row) - across - 6.0).abs() < 0.05, "{} {across}", sum(row));
    for (at, &cover) in letters.coverage.iter().enumerate() {
        let (x, y) = (at % letters.width, at / letters.width);
        let place = (y as i32 + letters.top - halo.top) as usize * halo.width
            + (x as i32 + letters.left - halo.left) as usize;
        assert!(halo.coverage[place] >= cover);
    }
}

#[test]
fn nothing_at_all_is_a_text() {
    for text in ["", " ", "\n\n"] {
        let drawn = one(text).upright(0, 20.0, 2.0);
        assert!(drawn.letters.coverage.is_empty());
    }
}
