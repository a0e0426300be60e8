/** Which addresses webhooks may lead to: not those that only this machine or its network can reach, unless that is allowed. */
import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Invalid } from '@sweep/domain';

/** Special by RFC 6890 and its successors: private, loopback, link-local, shared, multicast, and those that hold IPv4 addresses inside. */
const ranges = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
  ::/127 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`.split(/\s+/);

const special = new BlockList();
for (const range of ranges) {
  const [address = '', prefix = ''] = range.split('/');
  special.addSubnet(address, Number(prefix), family(address));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

export const isPrivate = (address: string): boolean => special.check(address, family(address));

/** @throws Invalid */
export function webhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new Invalid(`"${text.slice(0, 200)}" is no address of a webhook: give one that begins with https://`);
  if (url.username !== '' || url.password !== '') throw new Invalid('an address of a webhook holds no password: what is sent is signed');
  return url;
}

/** Refuses an address that is written as such. Names are judged when they are looked up. @throws Invalid */
export function demandPublic({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && isPrivate(address)) throw refusal(hostname, address);
}

/** For a connection: what it connects to is what was judged, whatever the name means a moment later. */
export const publicLookup: LookupFunction = (hostname, options, answer) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    const hidden = addresses?.find(({ address }) => isPrivate(address));
    const problem = error ?? (hidden === undefined ? null : refusal(hostname, hidden.address));
    if (problem !== null) return answer(problem, '');
    if (options.all === true) return answer(null, addresses);
    const [first] = addresses;
    answer(null, first!.address, first!.family);
  });
};

const refusal = (hostname: string, address: string): Invalid =>
  new Invalid(
    `${hostname} is ${address}, an address inside this network: webhooks go to public ones unless the controller runs with --private-webhooks`,
  );
