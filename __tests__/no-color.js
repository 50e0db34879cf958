// jest tells its workers to use colours when it has a terminal itself, and what they start with them.
process.env.NO_COLOR = "1";
delete process.env.FORCE_COLOR;
