/** Who makes a request, once that is proved. */
import type { ApiKey, User } from '@sweep/store';

export interface Caller {
  readonly user: User;
  readonly key: ApiKey;
}
