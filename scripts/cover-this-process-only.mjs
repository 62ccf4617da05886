// Loaded into each test process while coverage is measured. The programs that a test starts are not measured:
// some are killed on purpose, and half a coverage file would spoil the whole report.
delete process.env.NODE_V8_COVERAGE;
