// The device login that fills accounts.json is not part of this version.
process.stderr.write(
  'add-account: adding accounts is not available in this version.\n' +
    'Use FACTORY_API_KEY, DROID_REFRESH_KEY or a login in ~/.factory/auth.json instead (see README.md).\n',
);
process.exit(1);
