//! Handing a recording to the queue, and waiting for its end.

use super::{Commands, POLL_NS};
use crate::error::{Error, Result};
use crate::gpu::barrier::PassKind;
use crate::gpu::vulkan;
use ash::vk;
use std::time::{Duration, Instant};

impl Commands<'_> {
    /// Runs what was recorded and waits; `interrupted` is asked every 20 ms and may end the wait
    /// early with [`Error::Interrupted`], once the device is done. Returns the device's own time in
    /// milliseconds where it is measured.
    pub fn submit_and_wait(self, interrupted: &dyn Fn() -> bool) -> Result<Option<f64>> {
        self.submit(&[], &[], interrupted)
    }

    /// The same, with copies only once `ready` is signalled, and `done` signalled at the end.
    pub(in crate::gpu) fn submit_and_wait_between(
        self,
        ready: vk::Semaphore,
        done: vk::Semaphore,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Option<f64>> {
        let wait = vk::SemaphoreSubmitInfo::default()
            .semaphore(ready)
            .stage_mask(vk::PipelineStageFlags2::TRANSFER);
        let signal = vk::SemaphoreSubmitInfo::default()
            .semaphore(done)
            .stage_mask(vk::PipelineStageFlags2::ALL_COMMANDS);
        self.submit(&[wait], &[signal], interrupted)
    }

    fn submit(
        mut self,
        waits: &[vk::SemaphoreSubmitInfo<'_>],
        signals: &[vk::SemaphoreSubmitInfo<'_>],
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Option<f64>> {
        self.begin_pass(PassKind::Host);
        let raw = self.device.raw();
        // SAFETY: recording is under way and ends here; the queue is locked; everything recorded is
        // borrowed by `self`.
        unsafe {
            if self.queries != vk::QueryPool::null() {
                raw.cmd_write_timestamp2(
                    self.buffer,
                    vk::PipelineStageFlags2::ALL_COMMANDS,
                    self.queries,
                    1,
                );
            }
            raw.end_command_buffer(self.buffer).map_err(vulkan("vkEndCommandBuffer"))?;
            let buffers = [vk::CommandBufferSubmitInfo::default().command_buffer(self.buffer)];
            let submit = [vk::SubmitInfo2::default()
                .command_buffer_infos(&buffers)
                .wait_semaphore_infos(waits)
                .signal_semaphore_infos(signals)];
            let queue = self.device.queue();
            raw.queue_submit2(*queue, &submit, self.fence)
                .map_err(vulkan("vkQueueSubmit2"))
                .map_err(|error| self.device.note(error))?;
        }
        self.in_flight = true;
        let mut stop = false;
        loop {
            match self.wait_a_while() {
                Ok(()) => break,
                Err(vk::Result::TIMEOUT) => stop = stop || interrupted(),
                Err(result) => {
                    self.in_flight = result != vk::Result::ERROR_DEVICE_LOST;
                    return Err(self.device.note(vulkan("vkWaitForFences")(result)));
                }
            }
        }
        self.in_flight = false;
        if stop { Err(Error::Interrupted) } else { self.device_ms() }
    }

    /// For what was submitted, for POLL_NS at most.
    fn wait_a_while(&self) -> ash::prelude::VkResult<()> {
        let raw = self.device.raw();
        // SAFETY: the fence was submitted; here, and where the queue is locked.
        let wait = |most_ns| unsafe { raw.wait_for_fences(&[self.fence], true, most_ns) };
        if !self.device.is_validated() {
            return wait(POLL_NS);
        }
        // What a thread learns of an end while another one submits, the layer (1.3.239) forgets,
        // and sees hazards where there are none.
        let start = Instant::now();
        loop {
            let queue = self.device.queue();
            let found = wait(0);
            drop(queue);
            if found != Err(vk::Result::TIMEOUT) || start.elapsed() > Duration::from_nanos(POLL_NS)
            {
                return found;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    fn device_ms(&self) -> Result<Option<f64>> {
        let Some(period_ns) = self.device.limits().timestamp_period_ns else { return Ok(None) };
        if self.queries == vk::QueryPool::null() {
            return Ok(None);
        }
        let mut ticks = [0_u64; 2];
        // SAFETY: both queries were written by the submission that has ended.
        unsafe {
            self.device.raw().get_query_pool_results(
                self.queries,
                0,
                &mut ticks,
                vk::QueryResultFlags::TYPE_64 | vk::QueryResultFlags::WAIT,
            )
        }
        .map_err(vulkan("vkGetQueryPoolResults"))?;
        Ok(Some(ticks[1].wrapping_sub(ticks[0]) as f64 * period_ns * 1e-6))
    }
}
