// Logs in to Factory and adds the login to accounts.json. `npm run add-account` runs the compiled twin of this; from the
// sources it runs as `npx tsx add-account.ts`, with the same options: see `--help`.
import './src/add-account.ts';
