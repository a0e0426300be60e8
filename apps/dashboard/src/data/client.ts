/** The one client of the page: same origin, the session's cookie for a key. */
import { createClient } from '@sweep/api';

export const client = createClient({ url: '', key: null });
