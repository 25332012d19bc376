import type { Handlers } from '../operation.ts';
import { messagesOf, toWireMessage } from './messages.ts';

/** A session is the session_id of messages. It has no row. */
export const sessionRoutes = {
  listSessions: ({ query, user }, { store }) => {
    const messages = messagesOf(user, store, query.flow_id ? { flow_id: query.flow_id } : {});
    return [...new Set(messages.map((message) => message.session_id))];
  },
  renameSession: ({ params, query, fail }, { store }) => {
    const messages = store.messages.all({ session_id: params.session_id });
    if (messages.length === 0) return fail(404, 'No messages found with the given session ID');
    return messages.map(({ id }) => toWireMessage(store.messages.update(id, { session_id: query.new_session_id })));
  },
  deleteSession: ({ params }, { store }) => {
    for (const { id } of store.messages.all({ session_id: params.session_id })) store.messages.remove(id);
    return undefined;
  },
} satisfies Handlers;
