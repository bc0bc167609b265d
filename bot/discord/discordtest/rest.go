package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// call is one REST call on its way through the fake.
type call struct {
	server *Server
	http   *http.Request
	route  string   // "POST /channels/{}/messages"
	path   []string // the values in the path
	raw    []byte
	body   any
	files  map[string]*file // of a multipart body, by field name
	w      http.ResponseWriter
}

// reply is what a call gets. A nil body is 204.
type reply struct {
	status int
	body   any
}

// The error codes of Discord that the fake gives.
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMessage     = 10008
	codeUnknownUser        = 10013
	codeUnknownEmoji       = 10014
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeAcknowledged       = 40060
	codeMissingAccess      = 50001
	codeWrongChannelKind   = 50024
	codeNotOurs            = 50005
	codeEmpty              = 50006
	codeBlocked            = 50007
	codeMissingPermission  = 50013
	codeBadToken           = 50027
	codeBadForm            = 50035
	codeArchived           = 50083
	codeTooLarge           = 40005
	codeHasThread          = 160004
	codeLocked             = 160005
	codeTooManyThreads     = 160006
)

func refuse(status, code int, text string) reply {
	return reply{status, object{"message": text, "code": code}}
}

func badForm(place, text string) reply {
	return reply{400, object{"message": "Invalid Form Body", "code": codeBadForm, "errors": object{
		place: object{"_errors": []object{{"code": "BASE_TYPE_MAX_LENGTH", "message": text}}},
	}}}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return
	}
	c := &call{server: s, http: r, raw: raw, w: w}
	path, versioned := strings.CutPrefix(r.URL.EscapedPath(), "/api/v9")
	if !versioned {
		path, versioned = strings.CutPrefix(r.URL.EscapedPath(), "/api/v10")
	}
	name, route, values := s.facts.Find(r.Method, path)
	c.route, c.path = name, values
	if s.limits.isBanned() {
		c.answerHTML(http.StatusTooManyRequests, "<html><title>Access denied | discord.com used Cloudflare to restrict access</title>error code: 1015</html>")
		return
	}
	s.mu.Lock()
	s.calls[name]++
	s.mu.Unlock()
	if !versioned || route == nil {
		s.record("%s %s: no such route", r.Method, r.URL.Path)
		c.answer(refuse(404, 0, "404: Not Found"))
		return
	}
	if f := s.nextFault(name); f != nil {
		c.fail(f)
		return
	}
	c.answer(c.run())
}

func (s *Server) record(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate(format, args...)
}

// run checks a call and acts on it.
func (c *call) run() reply {
	s := c.server
	if !c.tokenInPath() {
		if got := c.http.Header.Get("Authorization"); got != "Bot "+s.currentToken() {
			return refuse(401, 0, "401: Unauthorized")
		}
	}
	if c.http.UserAgent() == "" || strings.HasPrefix(c.http.UserAgent(), "Go-http-client") {
		s.record("%s: no user agent of its own", c.route)
	}
	if r, ok := s.limits.take(c); !ok {
		return r
	}
	if r, ok := c.check(); !ok {
		return r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	handler, served := handlers[c.route]
	if !served {
		s.violate("%s: Discord has this route, this fake does not", c.route)
		return refuse(501, 0, "not in this fake")
	}
	return handler(c)
}

// tokenInPath is true where the token in the path is all that Discord asks for.
func (c *call) tokenInPath() bool {
	return strings.Contains(c.route, "/interactions/{}/{}/") || strings.Contains(c.route, "/webhooks/{}/{}")
}

var handlers map[string]func(*call) reply

func init() {
	handlers = map[string]func(*call) reply{
		"GET /gateway":     (*call).gateway,
		"GET /gateway/bot": (*call).gatewayBot,
		"GET /users/@me":   (*call).me,

		"GET /users/@me/guilds":                     (*call).guilds,
		"POST /users/@me/channels":                  (*call).openDirect,
		"GET /applications/@me":                     (*call).application,
		"PUT /applications/{}/commands":             (*call).putCommands,
		"GET /applications/{}/commands":             (*call).getCommands,
		"GET /channels/{}":                          (*call).getChannel,
		"PATCH /channels/{}":                        (*call).patchChannel,
		"GET /channels/{}/messages":                 (*call).listMessages,
		"POST /channels/{}/messages":                (*call).postMessage,
		"GET /channels/{}/messages/{}":              (*call).getMessage,
		"PATCH /channels/{}/messages/{}":            (*call).patchMessage,
		"DELETE /channels/{}/messages/{}":           (*call).deleteMessage,
		"POST /channels/{}/typing":                  (*call).typing,
		"POST /channels/{}/threads":                 (*call).startThread,
		"POST /channels/{}/messages/{}/threads":     (*call).startThread,
		"GET /channels/{}/threads/archived/public":  (*call).archivedThreads,
		"PUT /channels/{}/thread-members/{}":        (*call).addMember,
		"GET /guilds/{}/threads/active":             (*call).activeThreads,
		"GET /guilds/{}":                            (*call).getGuild,
		"GET /guilds/{}/roles":                      (*call).getRoles,
		"GET /guilds/{}/channels":                   (*call).getGuildChannels,
		"GET /guilds/{}/members/{}":                 (*call).getMember,
		"POST /interactions/{}/{}/callback":         (*call).callback,
		"POST /webhooks/{}/{}":                      (*call).followUp,
		"GET /webhooks/{}/{}/messages/@original":    (*call).getOriginal,
		"PATCH /webhooks/{}/{}/messages/@original":  (*call).patchOriginal,
		"PATCH /webhooks/{}/{}/messages/{}":         (*call).patchFollowUp,
		"DELETE /webhooks/{}/{}/messages/@original": (*call).deleteOriginal,
		"GET /users/{}":                             (*call).getUser,

		"PUT /channels/{}/messages/{}/reactions/{}/@me":    (*call).react,
		"DELETE /channels/{}/messages/{}/reactions/{}/@me": (*call).unreact,
	}
}

// check holds a call against the specification.
func (c *call) check() (reply, bool) {
	s := c.server
	route := s.facts.Routes[c.route]
	problems := s.facts.CheckQuery(route, c.http.URL.Query())
	for i, v := range c.path {
		snowflakes := (i == 0 || !strings.Contains(c.route, "/{}/{}") || i == 2) && !(i == 2 && strings.Contains(c.route, "/reactions/"))
		if _, err := strconv.ParseUint(v, 10, 64); err != nil && snowflakes {
			problems = append(problems, "path: "+v+" is not a snowflake")
		}
	}
	problems = append(problems, c.decode(route.Multipart)...)
	switch {
	case c.body == nil && route.BodyRequired && len(problems) == 0:
		problems = append(problems, "body: missing")
	case c.body != nil && route.Body == nil:
		problems = append(problems, "body: this route has none")
	case c.body != nil:
		problems = append(problems, s.facts.Check(route.Body, c.body)...)
	}
	if len(problems) == 0 {
		return reply{}, true
	}
	slices.Sort(problems)
	s.record("%s: %s", c.route, strings.Join(problems, "; "))
	return badForm("body", strings.Join(problems, "; ")), false
}

// decode reads a JSON or multipart body.
func (c *call) decode(multipartToo bool) []string {
	if len(c.raw) == 0 || bytes.Equal(c.raw, []byte("null")) {
		return nil
	}
	kind, params, err := mime.ParseMediaType(c.http.Header.Get("Content-Type"))
	if err != nil {
		return []string{"content-type: " + err.Error()}
	}
	switch {
	case kind == "application/json":
		if err := json.Unmarshal(c.raw, &c.body); err != nil {
			return []string{"body: " + err.Error()}
		}
		return nil
	case kind == "multipart/form-data" && multipartToo:
		return c.decodeParts(multipart.NewReader(bytes.NewReader(c.raw), params["boundary"]))
	}
	return []string{"content-type: " + kind + " is not for this route"}
}

func (c *call) decodeParts(r *multipart.Reader) []string {
	var problems []string
	c.files = map[string]*file{}
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return problems
		}
		if err != nil {
			return append(problems, "multipart: "+err.Error())
		}
		data, err := io.ReadAll(part)
		switch {
		case err != nil:
			problems = append(problems, "multipart: "+err.Error())
		case part.FormName() == "payload_json":
			if err := json.Unmarshal(data, &c.body); err != nil {
				problems = append(problems, "payload_json: "+err.Error())
			}
		case filePart(part.FormName()):
			c.files[part.FormName()] = &file{name: part.FileName(), kind: part.Header.Get("Content-Type"), data: data}
		default:
			problems = append(problems, "multipart: unknown part "+part.FormName())
		}
	}
}

func filePart(name string) bool {
	return len(name) == len("files[0]") && strings.HasPrefix(name, "files[") && name[6] >= '0' && name[6] <= '9'
}

// answer writes a reply with the headers that Discord sends.
func (c *call) answer(r reply) {
	h := c.w.Header()
	c.server.limits.headers(c, h)
	h.Set("Content-Type", "application/json")
	if r.body == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	c.server.limits.count(r.status, h.Get("X-RateLimit-Scope"))
	c.w.WriteHeader(r.status)
	_, _ = c.w.Write(encode(r.body))
}

func (c *call) answerHTML(status int, page string) {
	c.server.limits.count(status, "")
	c.w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	c.w.WriteHeader(status)
	_, _ = io.WriteString(c.w, page)
}

// property reads one property of an object body.
func (c *call) property(name string) any {
	o, _ := c.body.(object)
	return o[name]
}

func (c *call) text(name string) string {
	s, _ := c.property(name).(string)
	return s
}

func (c *call) flag(name string) bool {
	b, _ := c.property(name).(bool)
	return b
}

func (c *call) number(name string) int {
	f, _ := c.property(name).(float64)
	return int(f)
}

// seconds writes a duration as Discord does.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
