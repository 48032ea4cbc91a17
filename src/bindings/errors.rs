//! Errors become exceptions here, and nowhere else; so does a panic.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{
    PyKeyboardInterrupt, PyMemoryError, PyOSError, PyRuntimeError, PyValueError,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::leaving::{at_work, is_over};
use crate::error::{Error, Result};

/// The package's exception classes.
struct Classes {
    base: Py<PyType>,
    invalid_input: Py<PyType>,
    no_device: Py<PyType>,
    device_lost: Py<PyType>,
    out_of_memory: Py<PyType>,
    image_file: Py<PyType>,
    forked_process: Py<PyType>,
}

static CLASSES: PyOnceLock<Classes> = PyOnceLock::new();

impl Classes {
    fn get(py: Python<'_>) -> PyResult<&Self> {
        CLASSES.get_or_try_init(py, || Self::new(py))
    }

    fn new(py: Python<'_>) -> PyResult<Self> {
        let error =
            |name: &str, doc: &str, bases: Vec<Bound<'_, PyType>>| -> PyResult<Py<PyType>> {
                let members = PyDict::new(py);
                members.set_item("__module__", "vulkan_forge")?;
                members.set_item("__doc__", doc)?;
                let class =
                    py.get_type::<PyType>().call1((name, PyTuple::new(py, bases)?, members))?;
                Ok(class.cast_into::<PyType>()?.unbind())
            };
        let base = error(
            "VulkanForgeError",
            "Base of every exception of this package.",
            vec![py.get_type::<PyRuntimeError>()],
        )?;
        let derived = |name: &str, doc: &str, second: Option<Bound<'_, PyType>>| {
            error(name, doc, std::iter::once(base.bind(py).clone()).chain(second).collect())
        };
        Ok(Self {
            invalid_input: derived(
                "InvalidInputError",
                "A value that was passed is not acceptable.\n\nThe message says what was expected, what was got, the cure.",
                Some(py.get_type::<PyValueError>()),
            )?,
            no_device: derived(
                "NoDeviceError",
                "No Vulkan device can be used.\n\nLists each device found, why it was refused, and what to install.",
                None,
            )?,
            device_lost: derived(
                "DeviceLostError",
                "The device stopped answering. The object that used it is dead; a new one may work.",
                None,
            )?,
            out_of_memory: derived(
                "OutOfMemoryError",
                "Host or device memory ran out. The message names the purpose and the bytes.",
                Some(py.get_type::<PyMemoryError>()),
            )?,
            image_file: derived(
                "ImageFileError",
                "An image file could not be read or written. Nothing is left half written.",
                Some(py.get_type::<PyOSError>()),
            )?,
            forked_process: derived(
                "ForkedProcessError",
                "An object made before ``fork`` was used in the child. Make it anew there.",
                None,
            )?,
            base,
        })
    }

    fn all(&self) -> [&Py<PyType>; 7] {
        [
            &self.base,
            &self.invalid_input,
            &self.no_device,
            &self.device_lost,
            &self.out_of_memory,
            &self.image_file,
            &self.forked_process,
        ]
    }
}

/// Adds the exception classes to the module, and silences panics: they become exceptions here.
pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    for class in Classes::get(py)?.all() {
        let class = class.bind(py);
        module.add(class.name()?, class)?;
    }
    // This library has its own copy of the standard library, so no other extension's hook is
    // replaced.
    std::panic::set_hook(Box::new(|panic| PANIC.set(Some(panic.to_string()))));
    Ok(())
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        let error = match error {
            // It comes back as it was raised.
            Error::Source(raised) => match raised.downcast::<Self>() {
                Ok(raised) => return *raised,
                Err(other) => Error::Source(other),
            },
            error => error,
        };
        Python::attach(|py| {
            let classes = match Classes::get(py) {
                Ok(classes) => classes,
                Err(failure) => return failure,
            };
            let class = match &error {
                Error::InvalidInput(_) => &classes.invalid_input,
                Error::NoDevice(_) => &classes.no_device,
                Error::DeviceLost { .. } => &classes.device_lost,
                Error::OutOfMemory { .. } | Error::PictureTooLarge { .. } => &classes.out_of_memory,
                Error::ImageFile { .. } => &classes.image_file,
                Error::ForkedProcess { .. } => &classes.forked_process,
                Error::Source(_)
                | Error::Window(_)
                | Error::WindowLost { .. }
                | Error::Vulkan { .. }
                | Error::Internal(_) => &classes.base,
                Error::Interrupted => return PyKeyboardInterrupt::new_err(()),
            };
            Self::from_type(class.bind(py).clone(), error.to_string())
        })
    }
}

/// [`Error::InvalidInput`] as an exception.
pub(super) fn invalid(message: impl Into<String>) -> PyErr {
    Error::invalid(message).into()
}

thread_local! {
    /// What the panic hook heard last on this thread.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; a panic becomes [`Error::Internal`].
pub(super) fn caught<T, E: From<Error>>(
    work: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    // What a panic leaves half done is dropped with the objects that panicked, or guarded by their
    // own locks.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let heard = PANIC.take().unwrap_or_else(|| "a panic".into());
        drop(payload);
        Err(Error::Internal(heard.replace('\n', " ")).into())
    })
}

/// Runs short work that needs Python: no panic leaves it.
pub(super) fn attached<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    caught(work)
}

/// Detaches from the interpreter, runs `work`, attaches, converts its error: other Python threads
/// go on meanwhile. What Python raised while it was told of a log entry, a Ctrl-C among others, the
/// logger has left in the thread, and it is raised here.
pub(super) fn detached<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send,
) -> PyResult<T> {
    let result = py.detach(|| at_work(|| caught(work)));
    match PyErr::take(py) {
        Some(raised) => Err(raised),
        None => result.map_err(PyErr::from),
    }
}

/// [`detached`] for work that lasts: it is given a question to ask now and then, "shall I stop?",
/// which runs Python's signal handlers. Once the answer was yes, the handler's exception
/// (KeyboardInterrupt for Ctrl-C) is raised.
pub(super) fn detached_interruptible<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&dyn Fn() -> bool) -> Result<T> + Send,
) -> PyResult<T> {
    let raised: Mutex<Option<PyErr>> = Mutex::new(None);
    let result = py.detach(|| {
        let interrupted = || {
            let mut raised = raised.lock().unwrap_or_else(PoisonError::into_inner);
            // None while the interpreter shuts down: nobody waits for the answer then.
            if raised.is_none() {
                let stop = |py: Python<'_>| PyErr::take(py).or_else(|| py.check_signals().err());
                *raised = Python::try_attach(stop).flatten();
            }
            raised.is_some() || is_over()
        };
        at_work(|| caught(|| work(&interrupted)))
    });
    let raised = raised.into_inner().unwrap_or_else(PoisonError::into_inner);
    match raised.or_else(|| PyErr::take(py)) {
        Some(exception) => Err(exception),
        None => Ok(result?),
    }
}
