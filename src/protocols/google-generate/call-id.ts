/** Call ids that other services, and this gateway where Google gave none, are known to make. */
const FOREIGN_ID = /^(?:call_|toolu_|srvtoolu_|fc_|ctc_|functions\.|chatcmpl-)/;

/** The id of a call when Google made it: only then does Google want to see it again. */
export const ownCallId = (id: string): { id?: string } => (id === '' || FOREIGN_ID.test(id) ? {} : { id });
