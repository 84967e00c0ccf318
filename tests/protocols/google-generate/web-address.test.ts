import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/protocols/google-generate/web-address.ts';

describe('isPublicAddress', () => {
  it.each([
    'https://example.com/a.png',
    'http://example.com:8080/a.png',
    'https://example.com./a.png',
    'http://8.8.8.8/a',
    'http://172.32.0.1/a',
    'http://100.63.255.255/a',
    'http://11.0.0.1/a',
    'http://[2001:db8::1]/a',
    'http://[::ffff:8.8.8.8]/a',
    'https://fd.example.com/a',
    'https://localhost.example.com/a',
    'https://local.dev/a',
  ])('is true for %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'http://localhost/a',
    'http://localhost./a',
    'http://LOCALHOST:3000/a',
    'http://app.localhost/a',
    'http://printer.local/a',
    'http://metadata.google.internal/a',
    'http://router.home.arpa/a',
    'http://intranet/a',
    'http://0.0.0.0/a',
    'http://10.1.2.3/a',
    'http://100.64.0.1/a',
    'http://127.0.0.1:8080/a',
    'http://127.1/a',
    'http://0x7f.1/a',
    'http://2130706433/a',
    'http://169.254.169.254/latest/meta-data',
    'http://172.16.0.1/a',
    'http://172.31.255.255/a',
    'http://192.168.1.1/a',
    'http://user:pass@192.168.1.1/a',
    'http://[::]/a',
    'http://[::1]/a',
    'http://[fd00::1]/a',
    'http://[fc12:3456::1]/a',
    'http://[fe80::1]/a',
    'http://[febf::1]/a',
    'http://[::ffff:127.0.0.1]/a',
    'http://[::ffff:c0a8:101]/a',
    'file:///etc/passwd',
    'gs://bucket/a.png',
    'no address',
    '',
  ])('is false for %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
