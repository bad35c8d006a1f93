package io.circuitstream.dashboard.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFileTest {
    private static StaticTokens read(String json) {
        return TokenFile.read(json.replace('\'', '"').getBytes(UTF_8));
    }

    @Test
    void shouldKnowEachWhenTheFileIsGood() {
        StaticTokens tokens = read("[{'name':'ci','token':'t-1','role':'operator','tenants':['lab','acme','lab']},"
                + "{'name':'boss','token':'t-2','role':'admin'}]");

        assertThat(tokens.find("t-1"))
                .hasValue(new Principal("ci", Role.OPERATOR, Tenants.of(List.of("lab", "acme")), null));
        assertThat(tokens.find("t-2")).hasValue(new Principal("boss", Role.ADMIN, Tenants.ALL, null));
        assertThat(tokens.find("t-")).isEmpty();
        assertThat(tokens.find("t-11")).isEmpty();
        assertThat(tokens.find("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                    | must be a JSON list",
                "[]                                                                    | must be a JSON list",
                "[{'name':'a','token':'secret','role':'admin'},                        | is no JSON: see line 1",
                "['secret']                                                            | entry 1: must be an object",
                "[{'token':'secret','role':'admin'}]                                   | entry 1: name must be",
                "[{'name':' ','token':'secret','role':'admin'}]                        | entry 1: name must be",
                "[{'name':'a','role':'admin'}]                                         | entry 1: token must be",
                "[{'name':'a','token':5,'role':'admin'}]                               | entry 1: token must be",
                "[{'name':'a','token':'se cret','role':'admin'}]                       | entry 1: token must be of visible",
                "[{'name':'a','token':'secret'}]                                       | entry 1: role must be",
                "[{'name':'a','token':'secret','role':'Admin'}]                        | entry 1: role must be viewer",
                "[{'name':'a','token':'secret','role':'admin','tenant':'x'}]           | entry 1: tenant is not known",
                "[{'name':'a','token':'secret','role':'admin','tenants':[]}]           | entry 1: tenants must be a list",
                "[{'name':'a','token':'secret','role':'admin','tenants':null}]         | entry 1: tenants must be a list",
                "[{'name':'a','token':'secret','role':'admin','tenants':'x'}]          | entry 1: tenants must be a list",
                "[{'name':'a','token':'secret','role':'admin','tenants':['x',1]}]      | entry 1: tenants must be texts",
                "[{'name':'a','token':'s1','role':'admin'},{'name':'a','token':'s2','role':'admin'}] | entry 2: another entry has the same name",
                "[{'name':'a','token':'secret','role':'admin'},{'name':'b','token':'secret','role':'viewer'}] | entry 2: another entry has the same token",
            })
    void shouldSayWhichEntryIsWrongAndNoTokenWhenTheFileIsBad(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("secret");
    }
}
