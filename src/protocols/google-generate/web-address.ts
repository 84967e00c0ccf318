/** Networks that stand for this host, its link or its site, as first address and prefix length. */
const CLOSED_NETWORKS: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

/** Names that no resolver outside of a site knows: single labels, and endings set aside for such. */
const CLOSED_NAME = /^[^.]+$|\.(?:localhost|local|internal|home\.arpa)$/;

/** Loopback, unspecified, unique local and link-local addresses, in the form that URLs give them. */
const CLOSED_IPV6 = /^\[(?:::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/;

const MAPPED_IPV4 = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/;

/**
 * True for a web address that can be reached from anywhere: one inside somebody's network leads elsewhere, or nowhere,
 * from where the service stands.
 */
export function isPublicAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address); // has all ways to write an IPv4 address made one
  return (protocol === 'https:' || protocol === 'http:') && !isClosed(hostname.replace(/\.$/, ''));
}

function isClosed(host: string): boolean {
  const mapped = MAPPED_IPV4.exec(host);
  if (mapped !== null) return isClosedNumber(hex(mapped[1]) * 0x10000 + hex(mapped[2]));
  if (host.startsWith('[')) return CLOSED_IPV6.test(host);
  return /^\d+(?:\.\d+){3}$/.test(host) ? isClosedNumber(numberOf(host)) : CLOSED_NAME.test(host);
}

const isClosedNumber = (address: number): boolean =>
  CLOSED_NETWORKS.some(([first, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(numberOf(first) / size);
  });

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

const hex = (digits = ''): number => Number.parseInt(digits, 16);
