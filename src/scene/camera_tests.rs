#![allow(clippy::unwrap_used)]

use super::super::projection::{multiply, transform};
use super::super::vector::{cross, dot};
use super::*;

fn close(a: Vec3, b: Vec3, tolerance: f64) -> bool {
    length(sub(a, b)) <= tolerance
}

fn at(rays: &Rays, px: f64, py: f64) -> (Vec3, Vec3) {
    let point = |p, dx, dy| add_scaled(add_scaled(p, px, dx), py, dy);
    (
        point(rays.origin, rays.origin_dx, rays.origin_dy),
        point(rays.direction, rays.direction_dx, rays.direction_dy),
    )
}

fn starts(result: Result<Camera>, text: &str) {
    let message = result.unwrap_err().to_string();
    assert!(message.starts_with(text), "{message}");
}

#[test]
fn orbit_stands_where_the_bearing_says() {
    let target = [10.0, 20.0, 30.0];
    let eye =
        |azimuth, altitude| Camera::orbit(target, 100.0, azimuth, altitude, 35.0).unwrap().eye();
    assert_eq!(eye(0.0, 0.0), [10.0, 120.0, 30.0]);
    assert_eq!(eye(90.0, 0.0), [110.0, 20.0, 30.0]);
    assert_eq!(eye(180.0, 0.0), [10.0, -80.0, 30.0]);
    assert_eq!(eye(270.0, 0.0), [-90.0, 20.0, 30.0]);
    assert_eq!(eye(45.0, 90.0), [10.0, 20.0, 130.0]);
    let half = 0.5_f64.sqrt();
    assert!(close(eye(225.0, 45.0), [10.0 - 50.0, 20.0 - 50.0, 30.0 + 100.0 * half], 1e-12));
}

#[test]
fn orbit_axes_are_those_of_look_at() {
    for azimuth in [-30.0, 0.0, 77.0, 180.0, 225.0, 300.0] {
        for altitude in [-60.0, 0.0, 35.0, 89.0] {
            let orbit = Camera::orbit([1.0, 2.0, 3.0], 50.0, azimuth, altitude, 35.0).unwrap();
            let look =
                Camera::look_at(orbit.eye(), [1.0, 2.0, 3.0], [0.0, 0.0, 1.0], 35.0).unwrap();
            assert!(close(orbit.axes().right, look.axes().right, 1e-12));
            assert!(close(orbit.axes().up, look.axes().up, 1e-12));
            assert!(close(orbit.axes().forward, look.axes().forward, 1e-12));
        }
    }
}

#[test]
fn straight_down_and_up_have_north_up() {
    for azimuth in [0.0, 33.0, 225.0] {
        let down = Camera::orbit([0.0; 3], 5.0, azimuth, 90.0, 35.0).unwrap().axes();
        assert_eq!(
            (down.right, down.up, down.forward),
            ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0])
        );
        let up = Camera::orbit([0.0; 3], 5.0, azimuth, -90.0, 35.0).unwrap().axes();
        assert_eq!(
            (up.right, up.up, up.forward),
            ([-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0])
        );
        assert_eq!(cross(up.right, up.up), scale(-1.0, up.forward));
    }
}

#[test]
fn rays_are_the_inverse_of_the_projection() {
    let camera =
        Camera::look_at([30.0, -40.0, 50.0], [1.0, 2.0, 3.0], [0.1, 0.2, 1.0], 50.0).unwrap();
    let size = [64_u32, 48];
    let rays = camera.rays(size, [1.0, 1.0]);
    let clip = multiply(&camera.projection(64.0 / 48.0, ClipSpace::Wgpu).unwrap(), &camera.view());
    for (px, py) in [(0.5, 0.5), (31.7, 12.25), (64.0, 48.0), (32.0, 24.0)] {
        let (origin, direction) = at(&rays, px, py);
        assert_eq!(origin, camera.eye());
        assert!((dot(direction, camera.axes().forward) - 1.0).abs() < 1e-14);
        let seen = transform(&clip, add_scaled(origin, 17.0, direction));
        assert!((seen[0] / seen[3] - (2.0 * px / 64.0 - 1.0)).abs() < 1e-12);
        assert!((seen[1] / seen[3] - (1.0 - 2.0 * py / 48.0)).abs() < 1e-12);
        assert!((seen[3] - 17.0).abs() < 1e-12);
    }
    assert_eq!((rays.near, rays.far), (0.0, f64::INFINITY));
    let clipped = camera.with_clip(0.5, 9.0).unwrap().rays(size, [1.0, 1.0]);
    assert_eq!((clipped.near, clipped.far), (0.5, 9.0));
}

#[test]
fn map_pixels_stand_on_samples() {
    for (columns, rows, spacing) in
        [(7_u32, 4_u32, [30.0, 30.0]), (1000, 61, [0.25, 90.0]), (16384, 3, [5.0, 1.0])]
    {
        let footprint = [f64::from(columns) * spacing[0], f64::from(rows) * spacing[1]];
        let rays = Camera::map(None).unwrap().rays([columns, rows], footprint);
        for i in 0..rows {
            for j in [0, 1, columns / 2, columns - 1] {
                let (origin, direction) = at(&rays, f64::from(j) + 0.5, f64::from(i) + 0.5);
                let x = (f64::from(j) - f64::from(columns - 1) / 2.0) * spacing[0];
                let y = (f64::from(rows - 1) / 2.0 - f64::from(i)) * spacing[1];
                assert_eq!((origin, direction), ([x, y, 0.0], [0.0, 0.0, -1.0]));
            }
        }
        assert_eq!((rays.near, rays.far), (f64::NEG_INFINITY, f64::INFINITY));
    }
}

#[test]
fn map_bounds_fill_the_picture() {
    let camera = Camera::map(Some([-10.0, 5.0, 30.0, 25.0])).unwrap();
    let rays = camera.rays([80, 10], [1.0, 1.0]);
    assert_eq!(at(&rays, 0.0, 0.0).0, [-10.0, 25.0, 0.0]);
    assert_eq!(at(&rays, 80.0, 10.0).0, [30.0, 5.0, 0.0]);
    let view = camera.view();
    assert_eq!(transform(&view, [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0, 1.0]);
    let corner = transform(&camera.projection(1.0, ClipSpace::Gl).unwrap(), [30.0, 25.0, 0.0]);
    assert!((corner[0] - 1.0).abs() < 1e-12 && (corner[1] - 1.0).abs() < 1e-12 && corner[2] == 0.0);
    assert!(Camera::map(None).unwrap().projection(1.0, ClipSpace::Gl).is_err());
}

#[test]
fn bad_parameters_are_refused() {
    let zero = [0.0; 3];
    starts(
        Camera::look_at([1.0; 3], zero, [0.0, 0.0, 1.0], 180.0),
        "fovy_deg must be finite and in (0, 180)",
    );
    starts(
        Camera::orbit([f64::NAN; 3], 1.0, 0.0, 0.0, 35.0),
        "eye/target/up components must be finite",
    );
    starts(Camera::orbit(zero, 0.0, 0.0, 0.0, 35.0), "distance must be finite and > 0");
    starts(Camera::orbit(zero, f64::INFINITY, 0.0, 0.0, 35.0), "distance must be finite and > 0");
    starts(
        Camera::orbit([1e18, 0.0, 0.0], 1.0, 90.0, 0.0, 35.0),
        "distance must be finite and > 0",
    );
    starts(Camera::orbit(zero, 1.0, f64::NAN, 0.0, 35.0), "azimuth must be finite");
    starts(Camera::orbit(zero, 1.0, 0.0, 91.0, 35.0), "altitude must be finite and in -90..90");
    starts(Camera::map(Some([0.0, 0.0, 0.0, 1.0])), "bounds must be");
    starts(Camera::map(Some([0.0, f64::NAN, 1.0, 1.0])), "bounds must be");
    let camera = Camera::orbit(zero, 1.0, 0.0, 0.0, 35.0).unwrap();
    starts(camera.with_clip(0.0, 1.0), "znear must be finite and > 0");
    starts(camera.with_clip(1.0, 0.5), "zfar must be finite and > znear");
    starts(Camera::map(None).unwrap().with_clip(1.0, 1.0), "zfar must be finite and > znear");
    assert!(Camera::map(None).unwrap().with_clip(-100.0, 100.0).is_ok());
    assert!(
        camera
            .projection(f64::NAN, ClipSpace::Gl)
            .unwrap_err()
            .to_string()
            .starts_with("aspect must be")
    );
}
