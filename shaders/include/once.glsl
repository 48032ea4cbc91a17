// Loops as software Vulkan (Mesa 22.3) runs them: a loop's body is gone through to its end at least
// once, and once more after a `break` that stands before its end, for no thread. So loops of which
// every turn counts end in their last line. Both sides of a branch are run, too, but a loop that is
// left in its first line by threads that do not take it reads no memory for those, and goes through
// loops within it once only. Such a loop of one turn ends with this: it is always true, but drivers
// must not know, or there is no loop.
bool once(bool taken) {
    return uint(taken) < 2u;
}
