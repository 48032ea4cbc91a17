//! Many pictures: each is drawn by a thread of its own while the caller reads the one before it.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::{PyException, PyStopIteration};
use pyo3::prelude::*;

use super::camera::camera;
use super::errors::{caught, detached_interruptible, invalid};
use super::guarded::Guarded;
use super::picture::PyPicture;
use super::worker::Worker;
use crate::error::Result;
use crate::render::{Aov, Drawing, Session, Wanted};
use crate::scene::Viewpoint;

/// A picture, or why there is none, with the revision of the session that it was drawn from.
type Outcome = (Result<Drawing>, u64);

/// A thread that draws one picture; None where there is none to be had.
fn start(
    session: Arc<Guarded<Session>>,
    camera: Viewpoint,
    size: [u32; 2],
    aovs: Vec<Aov>,
) -> Option<Worker<Outcome>> {
    Worker::start("frame", move |hand| {
        let interrupted = || hand.cancelled();
        let mut revision = u64::MAX;
        let drawing = caught(|| {
            let mut session = session.lock(&interrupted)?;
            revision = session.revision();
            session.draw_from(
                Some(camera),
                &Wanted { size, depth: true, aovs: &aovs },
                &interrupted,
            )
        });
        // Before anyone hears of the picture, so that nobody waits for this thread to let go.
        drop(session);
        let _ = hand.give((drawing, revision));
    })
}

/// The camera of the next picture, and the thread that draws it.
struct Ahead {
    camera: Viewpoint,
    job: Option<Worker<Outcome>>,
}

#[derive(Default)]
struct State {
    /// None once all are drawn.
    cameras: Option<Py<PyAny>>,
    ahead: Option<Ahead>,
    /// Drawn, but not handed out because of an interrupt.
    ready: Option<Drawing>,
    /// Of the camera after the last picture handed out.
    failure: Option<PyErr>,
}

/// Pictures from one camera after another, as `Renderer.frames` gives them.
#[pyclass(frozen, weakref, module = "vulkan_forge._vulkan_forge", name = "Frames")]
pub(super) struct PyFrames {
    session: Arc<Guarded<Session>>,
    size: [u32; 2],
    aovs: Vec<Aov>,
    /// None while a call is at work on it.
    state: Mutex<Option<State>>,
}

impl PyFrames {
    pub(super) fn new(
        session: Arc<Guarded<Session>>,
        size: [u32; 2],
        cameras: &Bound<'_, PyAny>,
        aovs: Vec<Aov>,
    ) -> PyResult<Self> {
        let cameras = cameras.try_iter().map_err(|_| {
            invalid(format!(
                "cameras must be an iterable of Camera; got {}; pass e.g. a list",
                super::arguments::got(cameras)
            ))
        })?;
        let state = State { cameras: Some(cameras.into_any().unbind()), ..State::default() };
        Ok(Self { session, size, aovs, state: Mutex::new(Some(state)) })
    }

    /// Runs `work` with the state, which no other call can have meanwhile.
    fn with<T>(&self, work: impl FnOnce(&mut State) -> PyResult<T>) -> PyResult<T> {
        let slot = || self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = slot().take();
        let Some(mut state) = taken else {
            return Err(invalid(
                "frames must be used by one call at a time; expected the call at hand to end first, got another one from \
                 a thread, a camera or a signal handler; give each its own frames()",
            ));
        };
        let result = work(&mut state);
        *slot() = Some(state);
        result
    }

    /// Takes the next camera, and starts to draw from it.
    fn look_ahead(&self, py: Python<'_>, state: &mut State) -> PyResult<()> {
        let Some(cameras) = &state.cameras else { return Ok(()) };
        let next = cameras.bind(py).call_method0("__next__");
        let next = next.and_then(|value| camera(&value));
        match next {
            Ok(camera) => {
                let job = start(self.session.clone(), camera.clone(), self.size, self.aovs.clone());
                state.ahead = Some(Ahead { camera, job });
                Ok(())
            }
            Err(stop) if stop.is_instance_of::<PyStopIteration>(py) => {
                state.cameras = None;
                Ok(())
            }
            Err(failure) => {
                state.cameras = None;
                Err(failure)
            }
        }
    }

    /// Waits for the picture that is being drawn. One that does not show the session as it is now
    /// is drawn again.
    fn finish(&self, py: Python<'_>, ahead: &mut Ahead) -> PyResult<Drawing> {
        detached_interruptible(py, |interrupted| {
            // Before the wait: a forked child has no thread that could answer.
            self.session.check()?;
            let outcome = match &mut ahead.job {
                Some(job) => job.wait(interrupted)?,
                None => None,
            };
            let mut session = self.session.lock(interrupted)?;
            let drawing = match outcome {
                Some((drawing, revision)) if revision == session.revision() => drawing?,
                _ => {
                    let wanted = Wanted { size: self.size, depth: true, aovs: &self.aovs };
                    session.draw_from(Some(ahead.camera.clone()), &wanted, interrupted)?
                }
            };
            session.hand_out(&drawing);
            Ok(drawing)
        })
    }

    fn next(&self, py: Python<'_>, state: &mut State) -> PyResult<Option<PyPicture>> {
        if state.ready.is_none() {
            if let Some(failure) = state.failure.take() {
                return Err(failure);
            }
            if state.ahead.is_none() {
                self.look_ahead(py, state)?;
            }
            let Some(mut ahead) = state.ahead.take() else { return Ok(None) };
            match self.finish(py, &mut ahead) {
                Ok(drawing) => state.ready = Some(drawing),
                Err(failure) => {
                    if failure.is_instance_of::<PyException>(py) {
                        state.cameras = None;
                    } else {
                        // Ctrl-C and the like: the next call draws what this one did not.
                        state.ahead = Some(Ahead { camera: ahead.camera, job: None });
                    }
                    return Err(failure);
                }
            }
            match self.look_ahead(py, state) {
                Err(failure) if !failure.is_instance_of::<PyException>(py) => return Err(failure),
                Err(failure) => state.failure = Some(failure),
                Ok(()) => {}
            }
        }
        let Some(drawing) = state.ready.take() else { return Ok(None) };
        Ok(Some(PyPicture::of(py, drawing)?))
    }
}

#[pymethods]
impl PyFrames {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<PyPicture>> {
        self.with(|state| self.next(py, state))
    }

    /// Stop: what is being drawn ahead is given up, and no more pictures come.
    fn close(&self) -> PyResult<()> {
        let state = self.with(|state| Ok(std::mem::take(state)))?;
        drop(state);
        Ok(())
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, pyo3::types::PyTuple>) -> PyResult<()> {
        self.close()
    }
}
