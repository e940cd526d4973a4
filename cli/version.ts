/** Of this program, as clients and other processes are told it. */
export const VERSION = '0.1.0'
