import type { Mock } from '../mock.ts';

/** What a profile says of authentication: `facts` of spec/profiles. */
export interface AuthFacts {
  /** What each refusal says. */
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
  /** Whether a refused bearer token is told `WWW-Authenticate: Bearer`. */
  bearerChallenge: boolean;
  autoLoginOff: { status: number; message: string };
  resetPasswordOther: number;
  resetPasswordMissing: { status: number; body: { detail?: string; message?: string } };
  selfDeactivation: boolean;
  apiKeyOwnerChecked: boolean;
}

export const authFacts = (mock: Mock): AuthFacts => mock.spec.facts as unknown as AuthFacts;
