import type { Mock } from '../mock.ts';

/** Facts of a profile about authentication (`facts` in spec/profiles). */
export interface AuthFacts {
  /** The `detail` of each error. */
  authDetails: Record<
    | 'missing'
    | 'badToken'
    | 'tokenType'
    | 'tokenWithoutSubject'
    | 'userGone'
    | 'userInactive'
    | 'badKey'
    | 'keyUserInactive'
    | 'keyOnlyMissing'
    | 'keyOnlyBad'
    | 'missingWithAutoLogin'
    | 'keyOnlyMissingWithAutoLogin',
    string
  >;
  keyUserInactiveStatus: number;
  /** Whether the response to an invalid bearer token has `WWW-Authenticate: Bearer`. */
  bearerChallenge: boolean;
  autoLoginOff: { status: number; message: string };
  resetPasswordOther: number;
  resetPasswordMissing: { status: number; body: { detail?: string; message?: string } };
  selfDeactivation: boolean;
  apiKeyOwnerChecked: boolean;
}

export const authFacts = (mock: Mock): AuthFacts => mock.spec.facts as unknown as AuthFacts;
