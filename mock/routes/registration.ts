import { isoWithOffset } from '../clock.ts';
import type { Handlers } from '../operation.ts';
import type { RegistrationRow } from '../store/tables.ts';

/** The id of the only registration, whoever makes it (REGISTRATION-003). */
const THE_ONE = 'registration';

const toWireRegistration = ({ email, registered_at }: RegistrationRow) => ({ email, registered_at });

export const registrationRoutes = {
  readRegistrationV2: (_call, { store }) => {
    const row = store.registrations.get(THE_ONE);
    return row ? toWireRegistration(row) : { message: 'No user registered' };
  },

  createRegistrationV2: ({ body }, { store, clock }) => {
    const row = { id: THE_ONE, email: body.email, registered_at: isoWithOffset(clock.now()) };
    if (store.registrations.get(THE_ONE)) store.registrations.update(THE_ONE, row);
    else store.registrations.insert(row);
    return { email: body.email };
  },
} satisfies Handlers;
