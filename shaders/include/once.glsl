// How many turns a loop has that stands for a branch: rays pass over it if none beside them takes
// it, where of a branch both sides would run. Drivers unroll a loop whose turns they can count.
uint once_if(bool taken) {
    return uint(taken);
}
