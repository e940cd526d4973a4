/** TACT_SECRET_KEY of test databases, so that the processes of one test open each other's secrets. */
export const TEST_SECRET_KEY = Buffer.alloc(32, 'test').toString('base64')
