#![allow(clippy::unwrap_used)]

use super::*;

fn noise(length: usize) -> Vec<u8> {
    (0..length as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn message(result: Result<impl Sized>) -> String {
    match result {
        Err(Error::ImageFile { message, .. }) => message,
        Err(other) => other.to_string(),
        Ok(_) => "no error".into(),
    }
}

/// Any PNG that the crate can write, to be read back.
fn save(path: &Path, color: png::ColorType, depth: png::BitDepth, data: &[u8], size: [u32; 2]) {
    let mut encoder = png::Encoder::new(File::create(path).unwrap(), size[0], size[1]);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]);
        encoder.set_trns(vec![255, 128]);
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
}

#[test]
fn pixels_survive_a_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    for (width, height) in [(1, 1), (61, 7), (255, 3), (1000, 2)] {
        let pixels = noise(width as usize * height as usize * 4);
        write_png(&path, &pixels, width, height, 4).unwrap();
        assert_eq!(read_png(&path).unwrap(), (pixels, width, height));
    }
    write_png(&path, &[7, 9], 2, 1, 1).unwrap();
    assert_eq!(read_png(&path).unwrap().0, [7, 7, 7, 255, 9, 9, 9, 255]);
    write_png(&path, &[1, 2, 3], 1, 1, 3).unwrap();
    assert_eq!(read_png(&path).unwrap().0, [1, 2, 3, 255]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_kind_becomes_rgba() {
    use png::{BitDepth, ColorType};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kind.png");
    let read = || read_png(&path).unwrap().0;
    save(&path, ColorType::Indexed, BitDepth::Two, &[0b00_01_10_11], [4, 1]);
    assert_eq!(read(), [255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 255, 9, 8, 7, 255]);
    save(&path, ColorType::Grayscale, BitDepth::One, &[0b1010_0000], [3, 1]);
    assert_eq!(read(), [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255]);
    save(&path, ColorType::Grayscale, BitDepth::Sixteen, &[0x12, 0x34], [1, 1]);
    assert_eq!(read(), [0x12, 0x12, 0x12, 255]);
    save(&path, ColorType::GrayscaleAlpha, BitDepth::Eight, &[5, 6], [1, 1]);
    assert_eq!(read(), [5, 5, 5, 6]);
    save(&path, ColorType::Rgb, BitDepth::Sixteen, &[1, 0xff, 2, 0xff, 3, 0xff], [1, 1]);
    assert_eq!(read(), [1, 2, 3, 255]);
    save(&path, ColorType::Rgba, BitDepth::Sixteen, &[1, 0, 2, 0, 3, 0, 4, 0], [1, 1]);
    assert_eq!(read(), [1, 2, 3, 4]);
}

#[test]
fn a_truncated_file_is_refused_at_every_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.png");
    let whole = encode_png(&noise(20 * 10 * 4), 20, 10, 4).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let text = message(read_png(&path));
        assert!(text.starts_with("expected a") && text.contains("got"), "{length}: {text}");
    }
    fs::write(&path, &whole).unwrap();
    read_png(&path).unwrap();
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_it_costs_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.png");
    for (width, height, word) in [(100_000, 100_000, "at most"), (16_000, 16_000, "truncated")] {
        let mut bytes = Vec::new();
        png::Encoder::new(&mut bytes, width, height).write_header().unwrap();
        fs::write(&path, bytes).unwrap();
        let text = message(read_png(&path));
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn places_that_cannot_be_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &Path| message(write_png(path, &[1, 2, 3, 4], 1, 1, 4));
    assert!(write(folder.path()).contains("got a directory"));
    assert!(write(Path::new("")).contains("got none"));
    assert!(write(&folder.path().join("missing").join("a.png")).starts_with("expected to write"));
    assert!(message(read_png(folder.path())).contains("got a directory"));
    assert!(
        message(read_png(&folder.path().join("none.png"))).starts_with("expected a readable PNG")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn links_permissions_and_devices() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |path: &Path| write_png(path, &[1, 2, 3, 4], 1, 1, 4);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    write(&at("new.png")).unwrap();
    File::create(at("plain")).unwrap();
    assert_eq!(mode(&at("new.png")), mode(&at("plain")));
    fs::set_permissions(at("plain"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(at("plain"), at("link.png")).unwrap();
    write(&at("link.png")).unwrap();
    assert!(at("link.png").is_symlink());
    assert_eq!((mode(&at("plain")), read_png(&at("plain")).unwrap().0), (0o640, vec![1, 2, 3, 4]));

    symlink(at("nowhere"), at("dangling.png")).unwrap();
    assert!(message(write(&at("dangling.png"))).contains("leads nowhere"));
    assert!(message(write(Path::new("/dev/null"))).contains("a device, pipe or socket"));
    assert!(message(read_png(Path::new("/dev/null"))).contains("a device, pipe or socket"));
}

#[test]
fn sizes_must_agree() {
    assert!(message(encode_png(&[0; 3], 1, 1, 4)).contains("must have 4 bytes"));
    assert!(message(encode_png(&[], 0, 1, 4)).contains("more than 0"));
}

#[test]
fn lean_pictures_have_the_channels_that_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lean.png");
    let noise = noise(4 * 61 * 7);
    let pixels: Vec<[u8; 4]> = noise.as_chunks::<4>().0.to_vec();
    let grey = |[value, .., alpha]: [u8; 4]| [value, value, value, alpha];
    let opaque = |[red, green, blue, _]: [u8; 4]| [red, green, blue, 255];
    let kinds: [(png::ColorType, Vec<[u8; 4]>); 4] = [
        (png::ColorType::Grayscale, pixels.iter().map(|&pixel| opaque(grey(pixel))).collect()),
        (png::ColorType::GrayscaleAlpha, pixels.iter().map(|&pixel| grey(pixel)).collect()),
        (png::ColorType::Rgb, pixels.iter().map(|&pixel| opaque(pixel)).collect()),
        (png::ColorType::Rgba, pixels.clone()),
    ];
    for (kind, pixels) in kinds {
        let pixels = pixels.into_flattened();
        let file = encode_lean_png(pixels.clone(), 61, 7, 4).unwrap();
        std::fs::write(&path, &file).unwrap();
        assert_eq!(read_png(&path).unwrap(), (pixels, 61, 7));
        let header = png::Decoder::new(io::Cursor::new(file)).read_info().unwrap();
        assert_eq!(header.info().color_type, kind);
    }
    assert!(encode_lean_png(vec![0; 7], 2, 1, 4).is_err());
}
