using System.Xml;
using System.Xml.Linq;

namespace Dom0Image.Testing;

/// <summary>Reads the results that <c>dotnet test --logger trx</c> writes.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The tally of a file; null when it is not there or broke off in the middle.</summary>
    public static TestTally? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Tally(XDocument.Load(path)) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static TestTally Tally(XDocument document)
    {
        var classes = document.Descendants(Ns + "UnitTest").ToDictionary(
            t => (string?)t.Attribute("id") ?? "",
            t => ((string?)t.Element(Ns + "TestMethod")?.Attribute("className") ?? "").Split('.')[^1]);
        var results = document.Descendants(Ns + "UnitTestResult").ToLookup(r => (string?)r.Attribute("outcome") switch
        {
            "Passed" => "passed",
            "NotExecuted" or "Inconclusive" or "Pending" or "Warning" => "skipped",
            _ => "failed",
        });

        // What the runner itself has to say: a test host that crashed or hung.
        var broken = document
            .Descendants(Ns + "RunInfo")
            .Where(i => (string?)i.Attribute("outcome") == "Error")
            .Select(i => new TestFailure("the run of the tests", Text(i, "Text"), ""));
        return new TestTally(results["passed"].Count(), results["skipped"].Count(), [.. results["failed"].Select(r => Failure(r, classes)), .. broken]);
    }

    private static TestFailure Failure(XElement result, Dictionary<string, string> classes) => new(
        $"{classes.GetValueOrDefault((string?)result.Attribute("testId") ?? "", "?")}.{(string?)result.Attribute("testName") ?? "?"}",
        Text(result, "Message"),
        Text(result, "StackTrace"));

    private static string Text(XElement element, string name) => element.Descendants(Ns + name).FirstOrDefault()?.Value ?? "";
}
