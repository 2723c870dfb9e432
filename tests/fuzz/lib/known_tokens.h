/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys whose private ones nobody kept, and tokens that they signed (tests/data/jose). */
#ifndef FUZZ_KNOWN_TOKENS_H
#define FUZZ_KNOWN_TOKENS_H

static const char known_keys[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"uFqqIWLDsq3c-1sJIdyiuw83w1OoHQnNxR6Sw7H4CF53KpGKbfEBw_qR"
    "aCnZmxYtA7yKqE7c8At28a5qug32Xho3gw3KbzqdbVct0pUs7Gzn--cz1s87BRUDzAKP0TmFPCC0NrUIuxV_-9o7ABqI"
    "np0moONWGhEErJhFjdUfnteZvqtewE8AsOPMnNFCffdr7gR0URsyMevqU6hAeAWs63oDMANac22I0xGlAsWdfERQFh9W"
    "NvfES09dMcABqWSCpryMO2myJPlLvKbPE0gousmd64HP8wiltYoMB9uN1r4P1uTqjz_Vwqwmbp4WbG5xTZ_Utogn0rKT"
    "MTuFuLotTQ\",\"e\":\"AQAB\",\"kid\":\"rsa\",\"use\":\"sig\"},{\"kty\":\"EC\",\"crv\":\"P-256"
    "\",\"x\":\"f4RV3FMtZhBWiOu9onhHzaW8DJ42xnpEHHnJ04kyw8o\",\"y\":\"iivzPDEv2pzmY-shDPQ9FnObjO4"
    "RFMFqK6oQ-sNg7IM\",\"kid\":\"p256\",\"use\":\"sig\"},{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\""
    ":\"oTcf9f7Cf96HbknzZXUiNaWoYGP-h9uyWpT4ipSGyGlEAVAYErncZKsWV14SRbYY\",\"y\":\"Jy1Xv6Q03bdxpY"
    "ZWBsaLRDchJMu-t43WXIZOoxyaCvOpSuUD9cL7o5gboIpdjtm9\",\"kid\":\"p384\",\"use\":\"sig\"},{\"kt"
    "y\":\"EC\",\"crv\":\"P-521\",\"x\":\"AJ1mPGXEJrYK0P_7XsFBYsRRNTTvKXWnwrPcpiae5RI8m8byQV0iZ26"
    "qfO1aL_44wBpfcPkijECvGMpshz_oLk_E\",\"y\":\"Af30Zk230Xj4S24S7-7wF7wBheQkt80jhXNt1MMlGvvD2JfZ"
    "geMKCqmuhRgNadQqER3U-BDYmGZqTU1YZZp39RAp\",\"kid\":\"p521\",\"use\":\"sig\"},{\"kty\":\"OKP"
    "\",\"crv\":\"Ed25519\",\"x\":\"uL5xx5IEkeGDUda3h8r--9eTjoSfORk4t23V_Nq-OTo\",\"kid\":\"ed\","
    "\"use\":\"sig\"}]}";

static const char *const known_tokens[] = {
    /* RS256 */
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4Mjg"
    "5NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoibi0"
    "wUzZfV3pBMk1qIn0.Mxri9Q1TEPLCyzWfShVmkxW6yX74JWO0QSxMCBKj2WMfZxrXUO84bllnR7lmKwbeH3bLHsuBp2J"
    "fJRxrNdfRX8DlSMgQhfo11Pka8d4VJUzWCGGEvgjMtVZoeopCeF5yKyWopNc8ZC-UYvrRcoVVW-uvM3g0-q8nFjB-Hq6"
    "ycV219aGvwzjme_BzRTyU6m6YyNWixIgLiFaVPaFmj67eef44AcLGjgyM_gwzLEq_cT1PDdEDOHwIX-CxElB99GysohD"
    "OE8nQu5YP5bCQ_Nc6YVUiIA2NFXSirFRVXHo4XeBxaAQS3g89J5Rw7iceGVjhd3-90BbVZ02SdPKJQ6LO4A",
    /* PS256 */
    "eyJhbGciOiJQUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4Mjg"
    "5NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoibi0"
    "wUzZfV3pBMk1qIn0.gI8BXIdVyPZI6O9lu10x6_xZ6_TZoP7Vwpq5QXHcbF7529ShYrYC0kcREvNUY3OXelrRlyoW6w8"
    "WeVAFK1mo6ahk1gncl96Y7gnnIBcVvzNIaRXasW00Y-yl0WFzNeGSDJ_A64QvM8ok7NDLs7uCvjmGp6tM-g_RAMBcYWX"
    "rv511BnyCv-4dnI3yGgdDaAd5nTW4G3ZvqjiahhgjZ-tUUx6D_HZkOGISZcSQM6-YL2xuMxGRzyfHTTjule-XidQqo8X"
    "6IZlbDh-bEIGRd4N7HqkPQR5PAQDjWIVMG-Y32gDCugGQatEv6oWZdfSM1YnzP2SjL5RluRzIexG3LmtO4A",
    /* ES256 */
    "eyJhbGciOiJFUzI1NiIsImtpZCI6InAyNTYifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4M"
    "jg5NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoib"
    "i0wUzZfV3pBMk1qIn0.GkeYzj6YGD2RAIaak9M9zv3kbf5QvCXAfCO3CwnIv-poojqCdEpdSfWQwk-XX9FmRJJ2tghuw"
    "WyAHHX6OL-QlQ",
    /* ES384 */
    "eyJhbGciOiJFUzM4NCIsImtpZCI6InAzODQifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4M"
    "jg5NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoib"
    "i0wUzZfV3pBMk1qIn0.13KjddApQEazYAg1zbpEhNkZRFwwRQgeMje5Z7r35gFeQzOl2nT-7Qznvo_4QAsUFPPeDZTEH"
    "HwnsBMPotbRk21rs5pnh2SOd5TaXFx7_6_CBoHL7eaiKeCuc1v2rWTb",
    /* ES512 */
    "eyJhbGciOiJFUzUxMiIsImtpZCI6InA1MjEifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4M"
    "jg5NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoib"
    "i0wUzZfV3pBMk1qIn0.AZCKMgYzxzXFs3fDcmdUJ1Fdldf5otavpapdBZktpDrYpA_QUy6cfn5NBV5-fNFQ2RgDsugLf"
    "wPsM7bfIJGZUjYgAbh-zPfqKguD5Sqf7n_kUzlHCy84OpFJnWWyRf06TwVvVKHjQ4ltL0-VUO5E2Wlvl3pBtD1SBJljM"
    "F9hUTvqqLEi",
    /* EdDSA */
    "eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiMjQ4Mjg5"
    "NzYxMDAxIiwiYXVkIjoiY2xpZW50IiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE2OTk5OTk5OTUsIm5vbmNlIjoibi0w"
    "UzZfV3pBMk1qIn0.ZWJoCE4w866GLDRuUu28Tk3MNJIa1PGYG7IbdIZwDHiRQtmX60KfkEdUiI1hNHGZ3TwkNNLKc24v"
    "rkJF0QxyBQ",
};

#endif
