import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__test__/**/*.test.ts'],
    // Worker and process tests wait for real threads; anything near this limit is a hang.
    testTimeout: 60_000,
    // Two files at a time: many of them start threads of their own.
    maxWorkers: 2,
  },
});
