import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The processes themselves: they run in children, where nothing is counted.
      exclude: ['src/main.ts', 'src/demo.ts', 'src/add-account.ts', 'src/accounts-command.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        lines: 85,
        'src/kernel/**': { lines: 95 },
        'src/protocols/**': { lines: 95 },
      },
    },
  },
});
