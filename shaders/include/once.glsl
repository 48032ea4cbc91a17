// How many turns a loop has that stands for a branch. Software Vulkan (Mesa 22.3) runs both sides
// of a branch, and a loop's body at least once, whether a thread beside takes it or not; but memory
// is read for those threads alone that do, and of loops within the body what comes after the first
// turn is left out. Drivers unroll a loop whose turns they can count.
uint once_if(bool taken) {
    return uint(taken);
}
