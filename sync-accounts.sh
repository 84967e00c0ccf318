#!/usr/bin/env sh
# Copying accounts to a server is not part of this version.
echo 'sync-accounts: synchronising accounts is not available in this version.' >&2
exit 1
