//! The sRGB transfer function (IEC 61966-2-1), computed in f64.

/// Linear light 0..=1 of an encoded value 0..=1.
pub fn decode_unit(encoded: f64) -> f64 {
    if encoded <= 0.04045 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// Linear light of an encoded colour.
pub fn decode_colour(colour: [f32; 3]) -> [f32; 3] {
    colour.map(|channel| decode_unit(channel.into()) as f32)
}

/// Encoded value 0..=1 of linear light 0..=1.
pub fn encode_unit(linear: f64) -> f64 {
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// Linear light of a byte.
pub fn decode(byte: u8) -> f32 {
    decode_unit(f64::from(byte) / 255.0) as f32
}

/// Byte of linear light; below 0 gives 0, above 1 gives 255, NaN gives 0.
pub fn encode(linear: f32) -> u8 {
    (encode_unit(f64::from(linear).clamp(0.0, 1.0)) * 255.0 + 0.5) as u8
}

/// Least linear light of each byte 1..=255: `encode(l)` is the count of thresholds ≤ l. A shader
/// that searches this table needs no `pow`, so that every device writes the same bytes.
pub fn thresholds() -> [f32; 255] {
    let mut table = [0.0_f32; 255];
    for (index, threshold) in table.iter_mut().enumerate() {
        *threshold = decode_unit((index as f64 + 0.5) / 255.0) as f32;
        // The two functions are each other's inverse to about 1e-8; settle which side the rounded
        // float is on.
        while usize::from(encode(*threshold)) <= index {
            *threshold = threshold.next_up();
        }
        while usize::from(encode(threshold.next_down())) > index {
            *threshold = threshold.next_down();
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_a_round_trip() {
        for byte in 0..=255 {
            assert_eq!(encode(decode(byte)), byte);
        }
    }

    #[test]
    fn known_values() {
        assert_eq!((decode(0), decode(255)), (0.0, 1.0));
        assert!((decode(128) - 0.215_860_5).abs() < 1e-6);
        assert_eq!(encode(0.5), 188);
        assert_eq!([f32::NAN, -1.0, f32::NEG_INFINITY].map(encode), [0; 3]);
        assert_eq!([2.0, f32::INFINITY].map(encode), [255; 2]);
    }

    #[test]
    fn thresholds_are_where_bytes_change() {
        let table = thresholds();
        for (index, threshold) in table.iter().enumerate() {
            assert_eq!(usize::from(encode(*threshold)), index + 1);
            assert_eq!(usize::from(encode(threshold.next_down())), index);
        }
        assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
