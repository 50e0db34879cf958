// jest tells its workers to use colours when it has a terminal itself, and what they start with them.
process.env.NO_COLOR = "1";
delete process.env.FORCE_COLOR;
// Terraform, which is started hundreds of times, spends a fifth of its processor on collecting garbage that it ends before it needs.
process.env.GOGC = "400";
