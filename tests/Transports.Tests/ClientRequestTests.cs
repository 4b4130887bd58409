using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tandem.Transports.Tests;

public class ClientRequestTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("?a=1&b=%20x&a=2", "?a=1&b=%20x&a=2")]
    [InlineData("?access_token=secret", "")]
    [InlineData("?a=1&access_token=secret&b=2", "?a=1&b=2")]
    [InlineData("?Access_Token=secret&a=1", "?a=1")]
    [InlineData("?access%5Ftoken=secret&a=1", "?a=1")]
    [InlineData("?hub=chat&id=secret", "?hub=chat")]
    [InlineData("?id=mine&hub=chat&id=secret", "?id=mine&hub=chat")]
    [InlineData("?hub=chat&hub=mine&id=secret", "?hub=chat&hub=mine")]
    [InlineData("?identity=1&&b", "?identity=1&b")]
    public void The_query_keeps_everything_but_secrets(string query, string expected)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        Assert.Equal(expected, ClientRequest.QueryString(request, "id"));
    }

    [Theory]
    [InlineData("?id=secret", "?id=none")]
    [InlineData("?a=1&id=secret&b=2", "?a=1&id=none&b=2")]
    [InlineData("?id=mine&ID=secret&access_token=secret", "?id=mine&id=none")]
    [InlineData("?a=1", "?a=1")]
    public void Something_harmless_stands_where_a_secret_was(string query, string expected)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        Assert.Equal(expected, ClientRequest.QueryString(request, "id", "id=none"));
    }

    [Fact]
    public void Headers_lose_tokens_and_what_only_the_gateway_may_say_and_keep_cookies()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:10.1.2.3");
        context.Request.Headers.Authorization = "Bearer secret";
        context.Request.Headers["X-Forwarded-For"] = "6.6.6.6";
        context.Request.Headers["X-Forwarded-Proto"] = "gopher";
        context.Request.Scheme = "https";
        context.Request.Headers["Asrs-Migrate-From"] = "evil";
        context.Request.Headers["X-Custom"] = new(["a", "b"]);
        context.Request.Headers.Cookie = "session=1; theme=dark";

        var headers = ClientRequest.Headers(context.Request, "tag1", isDiagnostic: true).ToDictionary(header => header.Key, header => header.Value);

        Assert.Equal(["X-Custom", "Cookie", "X-Forwarded-For", "X-Forwarded-Proto", "Asrs-Instance-Id", "Asrs-Is-Diagnostic-Client"], headers.Keys);
        Assert.Equal(["a", "b"], headers["X-Custom"]);
        Assert.Equal(["session=1; theme=dark"], headers["Cookie"]);
        Assert.Equal(["10.1.2.3"], headers["X-Forwarded-For"]);
        Assert.Equal(["https"], headers["X-Forwarded-Proto"]);
        Assert.Equal(["tag1"], headers["Asrs-Instance-Id"]);
    }
}
