//! A terrain in a window of winit: drag turns, the wheel nears, W A S D fly, J L I K move the sun,
//! P writes `window.png`, Escape leaves. The title tells what ground lies under the pointer.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vulkan_forge::gpu::DeviceRequest;
use vulkan_forge::image_file::write_png;
use vulkan_forge::render::{Drawing, Engine, Ground, Presenter, Session, Wanted};
use vulkan_forge::scene::{Camera, Colormap, Heightfield};
use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::{ElementState, MouseButton, MouseScrollDelta, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::keyboard::{Key, NamedKey};
use winit::window::{Window, WindowId};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Samples of the DEM along a side, and metres between them.
const SIDE: usize = 400;
const CELL_M: f64 = 30.0;
/// Rest after which the picture is drawn in full.
const STILL: Duration = Duration::from_millis(250);
/// One pixel for so many squared of the window, in motion.
const COARSE: u32 = 4;

struct View {
    target: [f64; 3],
    distance: f64,
    azimuth: f64,
    altitude: f64,
    /// Azimuth and altitude.
    sun: [f64; 2],
}

impl View {
    fn camera(&self) -> vulkan_forge::Result<Camera> {
        Camera::orbit(self.target, self.distance, self.azimuth, self.altitude, 35.0)
    }

    /// Over the ground, in parts of the distance.
    fn fly(&mut self, right: f64, ahead: f64) {
        let (sin, cos) = self.azimuth.to_radians().sin_cos();
        self.target[0] += self.distance * (-cos * right - sin * ahead);
        self.target[1] += self.distance * (sin * right - cos * ahead);
    }

    /// Whether the key means something.
    fn key(&mut self, key: &str) -> bool {
        match key {
            "w" => self.fly(0.0, 0.05),
            "s" => self.fly(0.0, -0.05),
            "d" => self.fly(0.05, 0.0),
            "a" => self.fly(-0.05, 0.0),
            "l" => self.sun[0] += 5.0,
            "j" => self.sun[0] -= 5.0,
            "i" => self.sun[1] = (self.sun[1] + 3.0).min(90.0),
            "k" => self.sun[1] = (self.sun[1] - 3.0).max(0.0),
            _ => return false,
        }
        true
    }
}

struct App {
    session: Session,
    view: View,
    presenter: Option<Presenter<Arc<Window>>>,
    pointer: [f64; 2],
    pressed: bool,
    moved: Instant,
    /// What is seen.
    drawing: Option<Drawing>,
    failure: Option<Box<dyn Error>>,
}

impl App {
    fn draw(&mut self) -> Outcome {
        let Some(presenter) = &mut self.presenter else { return Ok(()) };
        let inner = presenter.window().inner_size();
        let Some(size) = presenter.extent([inner.width, inner.height])? else { return Ok(()) };
        let coarse = if self.moved.elapsed() < STILL { COARSE } else { 1 };
        let size_drawn = size.map(|side| (side / coarse).max(1));
        let wanted = Wanted { size: size_drawn, depth: true, aovs: &[] };
        let camera = self.view.camera()?.into();
        let [azimuth, altitude] = self.view.sun;
        let change = |scene: &mut vulkan_forge::scene::Scene| {
            scene.camera = Some(camera);
            scene.light.azimuth_deg = azimuth;
            scene.light.altitude_deg = altitude;
            scene.samples = if coarse == 1 { 4 } else { 1 };
        };
        let drawing = self.session.draw_with(change, None, &wanted, &|| false)?;
        presenter.show(&drawing.frame, size, &|| false)?;
        self.drawing = Some(drawing);
        self.tell();
        Ok(())
    }

    /// The ground under the pointer, in world metres.
    fn ground(&self) -> Option<[f64; 3]> {
        let drawing = self.drawing.as_ref()?;
        let window = self.presenter.as_ref()?.window().inner_size();
        let [width, height] = drawing.frame.size.map(f64::from);
        let x = (self.pointer[0] / f64::from(window.width) * width).floor();
        let y = (self.pointer[1] / f64::from(window.height) * height).floor();
        if !(0.0..width).contains(&x) || !(0.0..height).contains(&y) {
            return None;
        }
        let depth = *drawing.frame.depth.get((y * width + x) as usize)?;
        let rays = drawing.view.camera.rays(drawing.frame.size, drawing.footprint);
        (!depth.is_nan()).then(|| rays.at([x + 0.5, y + 0.5], depth.into()))
    }

    fn tell(&self) {
        let Some(presenter) = &self.presenter else { return };
        presenter.window().set_title(&match self.ground() {
            Some([x, y, z]) => format!("x {x:.0} m, y {y:.0} m, height {z:.0} m"),
            None => "vulkan_forge".into(),
        });
    }

    fn screenshot(&self) -> Outcome {
        let Some(Drawing { frame, .. }) = &self.drawing else { return Ok(()) };
        Ok(write_png(Path::new("window.png"), &frame.rgba, frame.size[0], frame.size[1], 4)?)
    }

    /// Coarsely now, in full once it rests.
    fn redraw(&mut self, events: &ActiveEventLoop) {
        self.moved = Instant::now();
        events.set_control_flow(ControlFlow::WaitUntil(self.moved + STILL));
        if let Some(presenter) = &self.presenter {
            presenter.window().request_redraw();
        }
    }

    fn check(&mut self, events: &ActiveEventLoop, outcome: Outcome) {
        if let Err(failure) = outcome {
            self.failure = Some(failure);
            events.exit();
        }
    }
}

impl ApplicationHandler for App {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        let attributes = Window::default_attributes().with_inner_size(PhysicalSize::new(1024, 640));
        let open = || -> Outcome<_> {
            Ok(self.session.present_to(Arc::new(events.create_window(attributes)?))?)
        };
        match open() {
            Ok(presenter) => self.presenter = Some(presenter),
            Err(failure) => self.check(events, Err(failure)),
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        if let (ControlFlow::WaitUntil(_), Some(presenter)) = (events.control_flow(), &self.presenter)
            && self.moved.elapsed() >= STILL
        {
            events.set_control_flow(ControlFlow::Wait);
            presenter.window().request_redraw();
        }
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => events.exit(),
            WindowEvent::RedrawRequested => {
                let outcome = self.draw();
                self.check(events, outcome);
            }
            WindowEvent::Resized(_) => self.redraw(events),
            WindowEvent::MouseInput { state, button: MouseButton::Left, .. } => {
                self.pressed = state == ElementState::Pressed;
            }
            WindowEvent::CursorMoved { position, .. } => {
                let [x, y] = std::mem::replace(&mut self.pointer, [position.x, position.y]);
                if self.pressed {
                    self.view.azimuth = (self.view.azimuth + 0.4 * (position.x - x)).rem_euclid(360.0);
                    self.view.altitude = (self.view.altitude + 0.3 * (position.y - y)).clamp(2.0, 90.0);
                    self.redraw(events);
                }
                self.tell();
            }
            WindowEvent::MouseWheel { delta, .. } => {
                let notches = match delta {
                    MouseScrollDelta::LineDelta(_, y) => f64::from(y),
                    MouseScrollDelta::PixelDelta(by) => by.y / 100.0,
                };
                self.view.distance *= (-0.1 * notches).exp();
                self.redraw(events);
            }
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed => {
                match event.logical_key.as_ref() {
                    Key::Named(NamedKey::Escape) => events.exit(),
                    Key::Character("p") => {
                        let outcome = self.screenshot();
                        self.check(events, outcome);
                    }
                    Key::Character(key) if self.view.key(key) => self.redraw(events),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Hills that add up from coarse to fine.
fn heights() -> Vec<f32> {
    let height = |x: f64, y: f64| {
        (0..6).fold(0.0, |sum, octave| {
            let scale = f64::from(1 << octave);
            let turn = 1.3 * f64::from(octave);
            let [u, v] = [x * turn.cos() - y * turn.sin(), x * turn.sin() + y * turn.cos()];
            sum + 450.0 / scale * ((3.1 * scale * u).sin() * (2.7 * scale * v).cos())
        })
    };
    let place = |at: usize| at as f64 / SIDE as f64 - 0.5;
    (0..SIDE * SIDE).map(|at| height(place(at % SIDE), place(at / SIDE)) as f32).collect()
}

fn main() -> Outcome {
    let request = DeviceRequest { windows: true, ..DeviceRequest::default() };
    let mut session = Session::new(Arc::new(Engine::new(&request)?))?;
    let field = Heightfield::new(heights(), SIDE, SIDE, [CELL_M; 2], 1.0)?;
    session.set_terrain(Ground::new(field), Colormap::named("terrain")?);
    let view = View {
        target: [0.0; 3],
        distance: 2.2 * CELL_M * SIDE as f64,
        azimuth: 225.0,
        altitude: 35.0,
        sun: [315.0, 45.0],
    };
    let mut app = App {
        session,
        view,
        presenter: None,
        pointer: [0.0; 2],
        pressed: false,
        moved: Instant::now(),
        drawing: None,
        failure: None,
    };
    EventLoop::new()?.run_app(&mut app)?;
    app.failure.map_or(Ok(()), Err)
}
