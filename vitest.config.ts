/**
 * How tests are run. One context serves the files of a worker (`isolate: false` saves over a second): that is safe because the house
 * keeps no state in modules on which an answer depends.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', '**/node_modules/**'],
    setupFiles: ['test/support/property-runs.ts'],
    isolate: false,
    watch: false,
    /**
     * Ms. A test that needs more belongs to the long suites, which multiply their runs and therefore wait longer. It is no measure of
     * speed: tests that start commands took 17 s where all ran at once on two busy processors.
     */
    testTimeout: process.env.BREAKWATER_LONG ? 300_000 : 60_000,
    hookTimeout: 60_000,
  },
});
